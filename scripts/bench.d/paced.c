// The client of scripts/bench isolation: POST /predict at a fixed rate, whatever the answers take.
//
//     paced PORT REQUESTS-PER-SECOND CONNECTIONS WARM-UP-SECONDS SECONDS BITMAPS-FILE MODEL
//
// A request's latency counts from the moment at which it was due and not from when it could be sent, as in wrk2 (Tene, "How NOT to Measure
// Latency"): a server that stalls for a tenth of a second is late for all requests that fell into it, not for one a connection. It sleeps
// until a request is due or an answer has come, with a timer slack of a nanosecond; how late it wakes is in the latencies, of all phases alike.
// Prints one object of JSON: exact percentiles of all latencies, in microseconds. Ends with 1 where an answer was not 200 or a connection ended.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { bitmap_length = 64, longest_answer = 8192, most_bitmaps = 100000 };

struct connection {
    int socket;
    int64_t due;
    size_t received;
    char answer[longest_answer];
};

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "paced: %s: %s\n", what, errno ? strerror(errno) : "not as expected");
    exit(1);
}

static int64_t now_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static size_t read_bitmaps(const char *path, char (*bitmaps)[bitmap_length + 1]) {
    FILE *file = fopen(path, "r");
    if (!file) fail(path);
    size_t count = 0;
    char line[bitmap_length + 2];
    while (count < most_bitmaps && fgets(line, sizeof line, file)) {
        if (strcspn(line, "\n") != bitmap_length) continue;
        memcpy(bitmaps[count], line, bitmap_length);
        bitmaps[count][bitmap_length] = 0;
        count += 1;
    }
    fclose(file);
    if (count == 0) fail("no bitmaps");
    return count;
}

static int connect_to(uint16_t port) {
    int result = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (result < 0 || connect(result, (struct sockaddr *)&address, sizeof address) != 0) fail("cannot connect");
    int yes = 1;
    setsockopt(result, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(result, F_SETFL, O_NONBLOCK);
    return result;
}

static void ask(struct connection *connection, uint16_t port, const char *model, const char *bitmap, int64_t due) {
    char request[512];
    int length = snprintf(
        request, sizeof request,
        "POST /predict?model=%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", model, port,
        bitmap_length, bitmap
    );
    connection->due = due;
    connection->received = 0;
    errno = 0;
    // A request fits an empty socket buffer at once.
    if (send(connection->socket, request, (size_t)length, MSG_NOSIGNAL) != length) fail("cannot send");
}

// Takes what has come; true where the answer is whole.
static bool take(struct connection *connection) {
    ssize_t count = recv(connection->socket, connection->answer + connection->received, longest_answer - connection->received - 1, 0);
    if (count < 0 && errno == EAGAIN) return false;
    if (count <= 0) fail("the server ended a connection");
    connection->received += (size_t)count;
    connection->answer[connection->received] = 0;
    const char *end = strstr(connection->answer, "\r\n\r\n");
    if (!end) return false;
    errno = 0;
    if (strncmp(connection->answer, "HTTP/1.1 200 ", 13) != 0) fail("an answer that is not 200");
    const char *length = strcasestr(connection->answer, "\r\nContent-Length:");
    if (!length || length > end) fail("an answer without its length");
    return connection->received >= (size_t)(end + 4 - connection->answer) + strtoul(length + 17, NULL, 10);
}

static int ascending(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static double percentile(const int64_t *sorted, size_t count, double share) {
    size_t index = (size_t)(share * (double)count);
    return (double)sorted[index < count ? index : count - 1] / 1e3;
}

int main(int argument_count, char **arguments) {
    if (argument_count != 8) {
        fprintf(stderr, "usage: paced PORT REQUESTS-PER-SECOND CONNECTIONS WARM-UP-SECONDS SECONDS BITMAPS-FILE MODEL\n");
        return 64;
    }
    uint16_t port = (uint16_t)atoi(arguments[1]);
    double rate = atof(arguments[2]), warm_up = atof(arguments[4]), seconds = atof(arguments[5]);
    size_t connection_count = (size_t)atoi(arguments[3]);
    static char bitmaps[most_bitmaps][bitmap_length + 1];
    size_t bitmap_count = read_bitmaps(arguments[6], bitmaps);
    size_t first_counted = (size_t)(rate * warm_up), total = first_counted + (size_t)(rate * seconds);
    int64_t *latencies = calloc(total, sizeof *latencies);
    struct connection *connections = calloc(connection_count, sizeof *connections);
    struct connection **idle = calloc(connection_count, sizeof *idle);
    if (!latencies || !connections || !idle || rate <= 0 || connection_count == 0 || total == first_counted) fail("arguments");

    prctl(PR_SET_TIMERSLACK, 1UL);
    int epoll = epoll_create1(0);
    for (size_t i = 0; i < connection_count; i += 1) {
        connections[i].socket = connect_to(port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, connections[i].socket, &event) != 0) fail("epoll");
        idle[i] = &connections[i];
    }

    size_t idle_count = connection_count, sent = 0, answered = 0, kept = 0;
    int64_t start = now_nanoseconds() + 1000000;
    while (answered < total) {
        int64_t now = now_nanoseconds();
        int64_t next = start + (int64_t)((double)sent / rate * 1e9);
        while (sent < total && next <= now && idle_count > 0) {
            idle_count -= 1;
            ask(idle[idle_count], port, arguments[7], bitmaps[sent % bitmap_count], next);
            sent += 1;
            next = start + (int64_t)((double)sent / rate * 1e9);
        }
        // Until the next request is due; without an end where every connection waits for its answer.
        int64_t left = next - now_nanoseconds();
        struct timespec timeout = {.tv_sec = left > 0 ? left / 1000000000 : 0, .tv_nsec = left > 0 ? left % 1000000000 : 0};
        struct epoll_event events[64];
        int count = epoll_pwait2(epoll, events, 64, sent < total && idle_count > 0 ? &timeout : NULL, NULL);
        if (count < 0 && errno != EINTR) fail("epoll");
        now = now_nanoseconds();
        for (int i = 0; i < count; i += 1) {
            struct connection *connection = events[i].data.ptr;
            if (!take(connection)) continue;
            if (answered >= first_counted) latencies[kept++] = now - connection->due;
            answered += 1;
            idle[idle_count++] = connection;
        }
    }
    double elapsed = (double)(now_nanoseconds() - start) / 1e9;
    qsort(latencies, kept, sizeof *latencies, ascending);
    printf(
        "{\"requests\": %zu, \"rate\": %.1f, \"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"p99.9\": %.1f, \"max\": %.1f}\n", kept,
        (double)total / elapsed, percentile(latencies, kept, 0.5), percentile(latencies, kept, 0.9), percentile(latencies, kept, 0.99),
        percentile(latencies, kept, 0.999), percentile(latencies, kept, 1)
    );
    return 0;
}
