// The yardstick of scripts/bench http: as little as a libmicrohttpd server can do for a POST. It reads the body and answers a constant.
//
//     bare THREADS BODY-FILE
//
// It runs the daemon as digitd does (one epoll loop a thread, the same limits) and answers with digitd's header fields and with the
// contents of BODY-FILE. Its port is one that is free; it prints it, and ends on SIGTERM or SIGINT.

#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { longest_body = 65536 };

static enum MHD_Result answer(
    void *response, struct MHD_Connection *connection, const char *path, const char *method, const char *version, const char *upload,
    size_t *upload_size, void **request
) {
    (void)path;
    (void)method;
    (void)version;
    // The request's memory between calls is this pointer itself: one more than the sum of the body's bytes so far, which makes sure that
    // they were read.
    uintptr_t sum = (uintptr_t)*request;
    if (sum == 0) {
        *request = (void *)(uintptr_t)1;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        for (size_t i = 0; i < *upload_size; i += 1) sum += (unsigned char)upload[i];
        *request = (void *)sum;
        *upload_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, sum > 1 ? MHD_HTTP_OK : MHD_HTTP_BAD_REQUEST, response);
}

static struct MHD_Response *response_from_file(const char *path) {
    static char body[longest_body];
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return NULL;
    }
    size_t length = fread(body, 1, sizeof body, file);
    fclose(file);
    struct MHD_Response *response = MHD_create_response_from_buffer(length, body, MHD_RESPMEM_PERSISTENT);
    if (response) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
        MHD_add_response_header(response, "X-Request-Id", "0000000000000");
    }
    return response;
}

int main(int count, char **arguments) {
    unsigned int thread_count = count == 3 ? (unsigned int)strtoul(arguments[1], NULL, 10) : 0;
    if (thread_count == 0) {
        fprintf(stderr, "usage: bare THREADS BODY-FILE\n");
        return 64;
    }
    struct MHD_Response *response = response_from_file(arguments[2]);
    if (!response) return 66;

    // Blocked before the daemon's threads start, which inherit it, so that only sigwait sees them.
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);

    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer, response,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&loopback,
        MHD_OPTION_THREAD_POOL_SIZE, thread_count > 1 ? thread_count : 0u,
        MHD_OPTION_CONNECTION_LIMIT, 1024u,
        MHD_OPTION_CONNECTION_TIMEOUT, 30u,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    const union MHD_DaemonInfo *port = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!port) {
        fprintf(stderr, "bare: libmicrohttpd does not start\n");
        return 70;
    }
    printf("%u\n", (unsigned int)port->port);
    fflush(stdout);

    int signal_number;
    sigwait(&stop, &signal_number);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    return 0;
}
