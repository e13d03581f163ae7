// libmicrohttpd's functions with variadic parameters, in forms that Swift can call.

#ifndef CMICROHTTPD_SHIM_H
#define CMICROHTTPD_SHIM_H

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

// Swift does not import a variadic function, and MHD_start_daemon is one; the options travel as an array.
static inline struct MHD_Daemon *_Nullable digitd_MHD_start_daemon(
    unsigned int flags, uint16_t port, MHD_AccessHandlerCallback _Nonnull handler, void *_Nullable handler_cls,
    struct MHD_OptionItem *_Nonnull options) {
    return MHD_start_daemon(flags, port, NULL, NULL, handler, handler_cls, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static inline uint16_t digitd_MHD_bound_port(struct MHD_Daemon *_Nonnull daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

static inline int digitd_MHD_connection_socket(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? (int)info->connect_fd : -1;
}

static inline const struct sockaddr *_Nullable digitd_MHD_client_address(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

// What the connection notification stored for this connection.
static inline void *_Nullable digitd_MHD_socket_context(struct MHD_Connection *_Nonnull connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

#endif
