// The client of scripts/bench isolation: POST /predict at a fixed rate, whatever the answers take.
//
//     paced PORT REQUESTS-PER-SECOND CONNECTIONS WARM-UP-SECONDS SECONDS BITMAPS-FILE MODEL
//
// A request's latency counts from the moment at which it was due and not from when it could be sent, as in wrk2 (Tene, "How NOT to Measure
// Latency"): a server that stalls for a tenth of a second is late for all requests that fell into it, not for one a connection.
//
// It sleeps until a request is due or an answer has come, with a timer slack of a nanosecond. Busy waiting would wake sooner, but would
// take a whole processor from the server and the experiment that are measured. How late it is itself is printed beside the latencies,
// which contain it, as "delay": from the moment at which a request was due and a connection free until it was sent. Against bare.c on a
// virtual machine with 2 cores that others use as well, at 2,000 requests/s: 29 us (p50) of a latency of 71 us, most of both being the
// waking of idle processors, since wrk with one connection, which never sleeps for long, has 19 us.
//
// Prints one object of JSON: exact percentiles over all requests that were due after the warm-up, in microseconds. Ends with 1 where an
// answer was not 200 (they are counted) or a connection ended (which ends the run).

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
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
    size_t request;
    bool is_waiting;
    int64_t idle_since;
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

// When a request should be sent: evenly, from the start on.
static int64_t due(int64_t start, size_t number, double rate) {
    return start + (int64_t)((double)number / rate * 1e9);
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

static void ask(struct connection *connection, uint16_t port, const char *model, const char *bitmap, size_t number) {
    char request[512];
    int length = snprintf(
        request, sizeof request,
        "POST /predict?model=%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", model, port,
        bitmap_length, bitmap
    );
    connection->request = number;
    connection->is_waiting = true;
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
    if (!connection->is_waiting) fail("an answer to no request");
    connection->received += (size_t)count;
    connection->answer[connection->received] = 0;
    const char *end = strstr(connection->answer, "\r\n\r\n");
    if (!end) return false;
    errno = 0;
    const char *length = strcasestr(connection->answer, "\r\nContent-Length:");
    if (!length || length > end) fail("an answer without its length");
    return connection->received >= (size_t)(end + 4 - connection->answer) + strtoul(length + 17, NULL, 10);
}

static int ascending(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

// The least of the values that the share of them does not exceed: the nearest rank. Of nanoseconds, in microseconds.
static double percentile(const int64_t *sorted, size_t count, double share) {
    size_t rank = (size_t)ceil(share * (double)count);
    return (double)sorted[rank > 0 ? rank - 1 : 0] / 1e3;
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
    size_t first_counted = (size_t)(rate * warm_up), counted = (size_t)(rate * seconds), total = first_counted + counted;
    int64_t *latencies = calloc(total, sizeof *latencies), *delays = calloc(total, sizeof *delays);
    struct connection *connections = calloc(connection_count, sizeof *connections);
    struct connection **idle = calloc(connection_count, sizeof *idle);
    if (!latencies || !delays || !connections || !idle || rate <= 0 || connection_count == 0 || counted == 0) fail("arguments");

    prctl(PR_SET_TIMERSLACK, 1UL);
    int epoll = epoll_create1(0);
    for (size_t i = 0; i < connection_count; i += 1) {
        connections[i].socket = connect_to(port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, connections[i].socket, &event) != 0) fail("epoll");
        idle[i] = &connections[i];
    }

    // The idle connections are a queue, so that all take their turn: the one used last would always be the same, and one server thread's.
    size_t first_idle = 0, idle_count = connection_count, sent = 0, answered = 0, errors = 0;
    int64_t start = now_nanoseconds() + 1000000;
    while (answered < total) {
        int64_t next = due(start, sent, rate), now = now_nanoseconds();
        while (sent < total && next <= now && idle_count > 0) {
            struct connection *connection = idle[first_idle];
            first_idle = (first_idle + 1) % connection_count;
            idle_count -= 1;
            delays[sent] = now - (next > connection->idle_since ? next : connection->idle_since);
            ask(connection, port, arguments[7], bitmaps[sent % bitmap_count], sent);
            sent += 1;
            next = due(start, sent, rate);
            now = now_nanoseconds();
        }
        // Until the next request is due; without an end where every connection waits for its answer.
        int64_t left = next > now ? next - now : 0;
        struct timespec timeout = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
        struct epoll_event events[64];
        int count = epoll_pwait2(epoll, events, 64, sent < total && idle_count > 0 ? &timeout : NULL, NULL);
        if (count < 0 && errno != EINTR) fail("epoll");
        for (int i = 0; i < count; i += 1) {
            struct connection *connection = events[i].data.ptr;
            if (!take(connection)) continue;
            now = now_nanoseconds();
            latencies[connection->request] = now - due(start, connection->request, rate);
            if (strncmp(connection->answer, "HTTP/1.1 200 ", 13) != 0) errors += 1;
            answered += 1;
            connection->is_waiting = false;
            connection->idle_since = now;
            idle[(first_idle + idle_count) % connection_count] = connection;
            idle_count += 1;
        }
    }
    double elapsed = (double)(now_nanoseconds() - start) / 1e9;
    latencies += first_counted;
    delays += first_counted;
    qsort(latencies, counted, sizeof *latencies, ascending);
    qsort(delays, counted, sizeof *delays, ascending);
    printf(
        "{\"requests\": %zu, \"errors\": %zu, \"rate\": %.1f, \"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"p99.9\": %.1f, "
        "\"max\": %.1f, \"delay p50\": %.1f, \"delay p99\": %.1f}\n",
        counted, errors, (double)total / elapsed, percentile(latencies, counted, 0.5), percentile(latencies, counted, 0.9),
        percentile(latencies, counted, 0.99), percentile(latencies, counted, 0.999), percentile(latencies, counted, 1),
        percentile(delays, counted, 0.5), percentile(delays, counted, 0.99)
    );
    return errors > 0;
}
