// A closed-loop load of HTTP over TLS 1.3 for loopback: one thread and one epoll set.
//
//   cc -O3 -march=native -o secure secure.c -lssl -lcrypto
//   ./secure http|churn|idle PORT [-c CONNECTIONS] [-d SECONDS] [-w WARM-UP] [-P SERVER-PID]
//
// http   sends a request on each connection, waits for its answer and sends the next.
// churn  connects, shakes hands in full (no session is resumed), sends one request and closes.
// idle   opens connections, each with one answer, lets them rest for WARM-UP, and watches for SECONDS.
//
// The length of an answer is learned from the first one; each has to begin with a status of 200. It prints
// one line of JSON; the exit status is 1 when there was an error.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "gauges.h"
#include "options.h"

enum
{
    INPUT_BYTES = 1 << 18,
    EVENTS = 512,
    SPARE_FILES = 64,
};

struct connection
{
    int fd;
    SSL *tls;
    bool is_up;
    long received;
    uint64_t started;
};

static const char request[] = "GET /plaintext HTTP/1.1\r\nHost: localhost\r\n\r\n";
static const char status_ok[] = "HTTP/1.1 200";

static SSL_CTX *context;
static long answer_bytes;
static int epoll_set;
static uint64_t messages, errors;

static void fail(const char *why)
{
    fprintf(stderr, "secure: %s\n", why);
    exit(1);
}

static int dial(void)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
        fail("cannot connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (mode == CHURN)
    {
        struct linger reset = { .l_onoff = 1, .l_linger = 0 };
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    return fd;
}

static void learn_answer(void)
{
    static char text[INPUT_BYTES];
    long length = 0;
    int fd = dial();
    SSL *tls = SSL_new(context);
    SSL_set_fd(tls, fd);
    if (SSL_connect(tls) != 1 || SSL_write(tls, request, sizeof request - 1) <= 0)
        fail("cannot send the first request");
    while (!answer_bytes)
    {
        int got = SSL_read(tls, text + length, sizeof text - 1 - length);
        if (got <= 0)
            fail("no answer to the first request");
        text[length += got] = 0;
        char *body = strstr(text, "\r\n\r\n"), *field = strcasestr(text, "\r\ncontent-length:");
        if (body && field)
            answer_bytes = body + 4 - text + atol(field + strlen("\r\ncontent-length:"));
    }
    if (memcmp(text, status_ok, sizeof status_ok - 1))
        fail("the first answer is not a 200");
    SSL_free(tls);
    close(fd);
}

static void open_connection(struct connection *all, int index)
{
    struct connection *c = &all[index];
    *c = (struct connection){ .started = now_ns() };
    c->fd = dial();
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->tls = SSL_new(context);
    SSL_set_fd(c->tls, c->fd);
    SSL_set_connect_state(c->tls);
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = index };
    epoll_ctl(epoll_set, EPOLL_CTL_ADD, c->fd, &event);
    if (SSL_do_handshake(c->tls) != -1) // the client speaks first, and then waits
        fail("the handshake ended before it began");
}

static void end_connection(struct connection *c)
{
    SSL_free(c->tls);
    close(c->fd);
    c->fd = -1;
}

// A request is small: a socket that takes none of it is an error.
static bool send_request(struct connection *c)
{
    c->received = 0;
    if (mode != CHURN)
        c->started = now_ns();
    return SSL_write(c->tls, request, sizeof request - 1) == sizeof request - 1;
}

static bool shake_hands(struct connection *c)
{
    int done = SSL_do_handshake(c->tls);
    if (done != 1)
        return SSL_get_error(c->tls, done) == SSL_ERROR_WANT_READ;
    c->is_up = true;
    return send_request(c);
}

// Reads what is there; false when the connection is of no more use.
static bool read_answers(struct connection *c)
{
    static char input[INPUT_BYTES];
    for (;;)
    {
        int got = SSL_read(c->tls, input, sizeof input);
        if (got <= 0)
            return SSL_get_error(c->tls, got) == SSL_ERROR_WANT_READ;
        if (!c->received && memcmp(input, status_ok, sizeof status_ok - 1))
            return false;
        c->received += got;
        if (c->received < answer_bytes)
            continue;
        if (c->received > answer_bytes)
            return false;
        record(now_ns() - c->started);
        messages++;
        if (mode == CHURN)
            return true;
        if (!send_request(c))
            return false;
    }
}

static void serve(struct connection *all, int index)
{
    struct connection *c = &all[index];
    if (c->fd < 0)
        return;
    bool is_good = c->is_up || shake_hands(c);
    if (is_good && c->is_up)
        is_good = read_answers(c);
    if (!is_good)
    {
        errors++;
        end_connection(c);
    }
    else if (mode == CHURN && c->received == answer_bytes)
    {
        end_connection(c);
        open_connection(all, index);
    }
}

static int run(void)
{
    struct connection *all = calloc(connection_count, sizeof *all);
    struct epoll_event events[EVENTS];
    for (int i = 0; i < connection_count; i++)
        open_connection(all, i);
    uint64_t now, from = now_ns() + (uint64_t)(warm_up * 1e9), end = from + (uint64_t)(seconds * 1e9);
    double cpu_before = 0;
    bool measuring = false;
    while ((now = now_ns()) < end)
    {
        if (!measuring && now >= from)
        {
            measuring = true;
            messages = 0;
            forget_records();
            cpu_before = server_cpu_seconds();
            from = now_ns();
        }
        int count = epoll_wait(epoll_set, events, EVENTS, 100);
        for (int i = 0; i < count; i++)
            serve(all, events[i].data.u32);
    }
    double took = (now_ns() - from) / 1e9, cpu = server_cpu_seconds() - cpu_before;
    printf("{\"mode\":\"secure\",\"connections\":%d,\"messages\":%lu,\"per_s\":%.0f,\"errors\":%lu,"
        "\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"server_cpu_share\":%.3f,"
        "\"server_ns_per_message\":%.1f,\"server_rss_kb\":%ld}\n",
        connection_count, messages, messages / took, errors, percentile_us(.5), percentile_us(.99),
        percentile_us(.999), cpu / took, messages ? cpu * 1e9 / messages : 0, server_rss_kb());
    return errors ? 1 : 0;
}

// Opens connections, lets them rest for WARM-UP, and tells what the server's memory has grown by.
static int hold_idle(void)
{
    long rss_before = server_rss_kb();
    for (int i = 0; i < connection_count; i++)
    {
        int fd = dial();
        SSL *tls = SSL_new(context);
        SSL_set_fd(tls, fd);
        if (SSL_connect(tls) != 1 || SSL_write(tls, request, sizeof request - 1) <= 0)
            fail("cannot shake hands");
        char answer[4096];
        for (long received = 0; received < answer_bytes;)
        {
            int got = SSL_read(tls, answer, sizeof answer);
            if (got <= 0)
                fail("no answer");
            received += got;
        }
    }
    usleep((useconds_t)(warm_up * 1e6));
    double cpu_before = server_cpu_seconds();
    usleep((useconds_t)(seconds * 1e6));
    double cpu = server_cpu_seconds() - cpu_before;
    long rss = server_rss_kb();
    printf("{\"mode\":\"idle\",\"opened\":%d,\"connect_per_s\":0,\"rss_before_kb\":%ld,\"rss_kb\":%ld,"
        "\"user_bytes_per_connection\":%.1f,\"idle_seconds\":%.1f,\"idle_cpu_ticks\":%.0f,\"errors\":0}\n",
        connection_count, rss_before, rss, (rss - rss_before) * 1024.0 / connection_count, seconds,
        cpu * sysconf(_SC_CLK_TCK));
    return 0;
}

int main(int argc, char **argv)
{
    if (!read_options(argc, argv) || mode == ECHO)
    {
        fputs("usage: secure http|churn|idle PORT [-c CONNECTIONS] [-d SECONDS] [-w WARM-UP] "
            "[-P SERVER-PID]\n", stderr);
        return 2;
    }
    raise_file_limit(connection_count + SPARE_FILES);
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL); // a load, on the own machine
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    epoll_set = epoll_create1(0);
    learn_answer();
    return mode == IDLE ? hold_idle() : run();
}
