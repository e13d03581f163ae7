// libmicrohttpd's functions with variadic parameters, in forms that Swift can call.

#ifndef CMICROHTTPD_SHIM_H
#define CMICROHTTPD_SHIM_H

#include <linux/filter.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>

// Where libmicrohttpd's messages go, each without its line feed. Lives as long as the daemon.
struct digitd_log {
    void (*_Nonnull write)(void *_Nullable context, const char *_Nonnull message);
    void *_Nullable context;
};

struct digitd_daemon_settings {
    unsigned int thread_count;
    unsigned int connection_limit;
    unsigned int per_address_limit;
    unsigned int inactivity_timeout_seconds;
    size_t connection_memory_bytes;
    void *_Nullable context;
    struct digitd_log *_Nonnull log;
    MHD_AccessHandlerCallback _Nonnull access;
    MHD_RequestCompletedCallback _Nonnull completed;
    MHD_NotifyConnectionCallback _Nonnull notified;
    // MHD_OPTION_URI_LOG_CALLBACK: with the first line of a request, before the rest of its head is read.
    void *_Nullable (*_Nonnull request_line)(void *_Nullable context, const char *_Nullable target, struct MHD_Connection *_Nullable connection);
    size_t (*_Nonnull unescape)(void *_Nullable context, struct MHD_Connection *_Nullable connection, char *_Nullable text);
};

static inline void digitd_log_message(void *log_, const char *format, va_list arguments) {
    struct digitd_log *log = (struct digitd_log *)log_;
    char message[512];
    int length = vsnprintf(message, sizeof message, format, arguments);
    if (length < 0) return;
    if ((size_t)length >= sizeof message) length = (int)sizeof message - 1;
    while (length > 0 && message[length - 1] == '\n') message[--length] = 0;
    log->write(log->context, message);
}

// Threads of the daemon's own on epoll, which are given their connections; connections can be suspended. Not MHD_OPTION_STRICT_FOR_CLIENT: it refuses a request without Host in a way
// that sends the head of the answer twice (parse_connection_headers, after which MHD_connection_handle_idle goes on), and closes the connection
// without a word where there is a space in the target. The logger is the first
// option, so that messages about the others reach it. A pool of one thread is said by naming no pool: 0.
static inline struct MHD_Daemon *_Nullable digitd_start_daemon(const struct digitd_daemon_settings *_Nonnull s) {
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_NO_LISTEN_SOCKET;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, s->access, s->context,
        MHD_OPTION_EXTERNAL_LOGGER, digitd_log_message, s->log,
        MHD_OPTION_NOTIFY_COMPLETED, s->completed, s->context,
        MHD_OPTION_NOTIFY_CONNECTION, s->notified, s->context,
        MHD_OPTION_URI_LOG_CALLBACK, s->request_line, s->context,
        MHD_OPTION_UNESCAPE_CALLBACK, s->unescape, s->context,
        MHD_OPTION_THREAD_POOL_SIZE, s->thread_count > 1 ? s->thread_count : 0u,
        MHD_OPTION_CONNECTION_LIMIT, s->connection_limit,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->per_address_limit,
        MHD_OPTION_CONNECTION_TIMEOUT, s->inactivity_timeout_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->connection_memory_bytes,
        MHD_OPTION_END);
}

static inline ssize_t digitd_read_nothing(void *context, uint64_t position, char *buffer, size_t size) {
    (void)context, (void)position, (void)buffer, (void)size;
    return MHD_CONTENT_READER_END_OF_STREAM;
}

// For a 304, which must not have another Content-Length than the 200 would have (RFC 9110, section 8.6). libmicrohttpd leaves the field out only
// where the length is unknown and there are no chunks, and closes such a connection (setup_reply_properties).
static inline struct MHD_Response *_Nullable digitd_create_response_without_length(void) {
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1, digitd_read_nothing, NULL, NULL);
    if (response) MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    return response;
}

static inline int digitd_connection_socket(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? (int)info->connect_fd : -1;
}

// The status of the answer that is queued; 0 where there is none.
static inline unsigned int digitd_response_status(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);
    return info ? info->http_status : 0;
}

// The length of a request's head; 0 where it is not known.
static inline size_t digitd_head_length(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

static inline const struct sockaddr *_Nullable digitd_client_address(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

// What the connection notification stored for this connection.
static inline void *_Nullable digitd_socket_context(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

extern int accept4(int, struct sockaddr *, socklen_t *, int);

static inline int digitd_accept(int listening_socket, struct sockaddr *_Nonnull address, socklen_t *_Nonnull length, int flags) {
    return accept4(listening_socket, address, length, flags);
}

// Drops what asks for a connection (a segment with SYN) before the kernel answers it; other segments pass, so that handshakes under way end
// and their connections can be accepted. The filter sees a segment from its TCP header on; the flags are the byte at 13.
static inline int digitd_drop_connection_requests(int listening_socket) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x02, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
    struct sock_fprog program = {sizeof code / sizeof code[0], code};
    return setsockopt(listening_socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

#endif
