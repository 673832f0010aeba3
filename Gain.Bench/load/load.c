// A closed-loop load generator for loopback: one thread and one epoll set, so that one core of load
// faces one core of server. Each connection sends a batch, waits for all of its answers and sends
// the next.
//
//   cc -O3 -march=native -o load load.c
//   ./load echo|http|idle|churn|resp PORT [-c CONNECTIONS] [-p PIPELINE] [-s SIZE]
//          [-d SECONDS] [-w WARM-UP] [-P SERVER-PID]
//
// echo   sends PIPELINE messages of SIZE bytes and checks that every byte comes back unchanged.
// http   sends PIPELINE requests; learns the length of an answer from the first one, then counts
//        answers by it, and checks that each begins with a status of 200.
// resp   sets a key of Redis's protocol to SIZE bytes, sends PIPELINE times GET, and checks each answer.
// churn  connects, echoes one batch, closes with a reset, connects again; counts connections.
// idle   opens CONNECTIONS, lets them rest for WARM-UP, and watches the server for SECONDS.
//
// It prints one line of JSON. With -P it also reads the server's CPU time (user and system, which
// /proc counts in ticks of 10 ms) over the measured time, and its resident memory. The exit status
// is 1 when there was an error.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
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
    PORTS_PER_ADDRESS = 20000, // below the range of ephemeral ports that one source address has
    INPUT_BYTES = 1 << 18,
    EVENTS = 512,
    SPARE_FILES = 64, // the standard streams, the epoll set, and the server's files in /proc
};

struct connection
{
    int fd;           // -1 when it failed
    long sent;        // of the batch
    long received;    // of its answers
    uint64_t started; // when the batch began, in ns
};

static const char request[] =
    "GET /plaintext HTTP/1.1\r\n"
    "Host: localhost\r\n"
    "Accept: text/plain,text/html;q=0.9,application/xhtml+xml;q=0.9,application/xml;q=0.8,*/*;q=0.7\r\n"
    "Connection: keep-alive\r\n"
    "\r\n";
static const char status_ok[] = "HTTP/1.1 200";
static const char get[] = "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n";

static char *batch;
static char *answers;     // to a batch, where they are known; those of echo are the batch
static long batch_bytes;  // of one batch
static long answer_bytes; // of one answer
static long wanted_bytes; // of all answers to a batch
static int epoll_set;
static uint64_t messages, errors;

static void fail(const char *why)
{
    fprintf(stderr, "load: %s\n", why);
    exit(1);
}

// Connects; -1 when that fails. One source address has ports for so many connections to one
// destination, so each further lot comes from the next address of 127.0.0.0/8.
static int dial(int index)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1, lot = index / PORTS_PER_ADDRESS;
    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (lot > 0)
    {
        struct sockaddr_in from = {
            .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + lot),
        };
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        bind(fd, (struct sockaddr *)&from, sizeof from);
    }
    if (mode == CHURN)
    {
        // A reset leaves no TIME_WAIT behind, which would use up the ports.
        struct linger reset = { .l_onoff = 1, .l_linger = 0 };
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (connect(fd, (struct sockaddr *)&to, sizeof to))
    {
        close(fd);
        return -1;
    }
    return fd;
}

static bool dial_and_watch(struct connection *all, int index)
{
    all[index].fd = dial(index);
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = index };
    return all[index].fd >= 0 && !epoll_ctl(epoll_set, EPOLL_CTL_ADD, all[index].fd, &event);
}

static void make_batch(void)
{
    const char *text = mode == HTTP ? request : mode == RESP ? get : NULL;
    long one = text ? (long)strlen(text) : size;
    batch_bytes = one * pipeline;
    batch = malloc(batch_bytes);
    for (long i = 0; i < batch_bytes; i++)
    {
        // Echoed bytes differ along a message and from message to message: a mix-up shows.
        long message = i / one, offset = i % one;
        batch[i] = text ? text[offset] : (char)(message * 31 + offset * 7);
    }
    answers = batch;
}

static void learn_answer(void)
{
    char text[16384];
    long length = 0, total = -1;
    int fd = dial(0);
    if (fd < 0 || send(fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0)
        fail("cannot send the first request");
    while (total < 0 || length < total)
    {
        long got = recv(fd, text + length, sizeof text - 1 - length, 0);
        if (got <= 0)
            fail("no answer to the first request");
        text[length += got] = 0;
        char *body = strstr(text, "\r\n\r\n"), *field = strcasestr(text, "\r\ncontent-length:");
        if (body && field)
            total = body + 4 - text + atol(field + strlen("\r\ncontent-length:"));
    }
    if (memcmp(text, status_ok, sizeof status_ok - 1))
        fail("the first answer is not a 200");
    answer_bytes = total;
    close(fd);
}

// The key's value, and what a server of Redis's protocol says to it.
static void set_key(void)
{
    static const char ok[] = "+OK\r\n";
    char *text = malloc(size + 128), said[sizeof ok] = "";
    int head = sprintf(text, "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$%d\r\n", size);
    for (int i = 0; i < size; i++)
        text[head + i] = (char)(i * 7);
    memcpy(text + head + size, "\r\n", 2);
    int fd = dial(0);
    if (fd < 0 || send(fd, text, head + size + 2, MSG_NOSIGNAL) != head + size + 2
        || recv(fd, said, sizeof ok - 1, MSG_WAITALL) != sizeof ok - 1 || strcmp(said, ok))
        fail("the key cannot be set");
    close(fd);

    int prefix = snprintf(NULL, 0, "$%d\r\n", size);
    answer_bytes = prefix + size + 2;
    answers = malloc(answer_bytes * pipeline + 1);
    for (int i = 0; i < pipeline; i++)
    {
        char *one = answers + i * answer_bytes;
        sprintf(one, "$%d\r\n", size);
        memcpy(one + prefix, text + head, size + 2);
    }
    free(text);
}

static void send_rest(struct connection *c)
{
    long sent = send(c->fd, batch + c->sent, batch_bytes - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        c->sent += sent;
}

static void begin_batch(struct connection *c)
{
    c->sent = 0;
    c->received = 0;
    c->started = now_ns();
    send_rest(c);
}

// Whether these bytes are what the connection has to receive next.
static bool is_expected(const struct connection *c, const char *data, long length)
{
    if (c->received + length > wanted_bytes)
        return false;
    if (mode != HTTP)
        return !memcmp(data, answers + c->received, length);
    const long status = sizeof status_ok - 1;
    long within = c->received % answer_bytes;
    for (long at = within ? answer_bytes - within : 0; at + status <= length; at += answer_bytes)
        if (memcmp(data + at, status_ok, status))
            return false;
    return true;
}

static void drop(struct connection *c)
{
    errors++;
    close(c->fd);
    c->fd = -1;
}

static void handle_readable(struct connection *all, int index)
{
    static char input[INPUT_BYTES];
    struct connection *c = &all[index];
    if (c->fd < 0)
        return;
    long length = recv(c->fd, input, sizeof input, MSG_DONTWAIT);
    if (length < 0 && errno == EAGAIN)
        return;
    if (length <= 0 || !is_expected(c, input, length))
    {
        drop(c);
        return;
    }
    c->received += length;
    if (c->sent < batch_bytes)
        send_rest(c);
    if (c->received < wanted_bytes)
        return;
    record(now_ns() - c->started);
    messages += pipeline;
    if (mode == CHURN)
    {
        close(c->fd);
        if (!dial_and_watch(all, index))
        {
            errors++;
            return;
        }
    }
    begin_batch(c);
}

static int run_closed_loop(void)
{
    if (mode == HTTP)
        learn_answer();
    if (mode == RESP)
        set_key();
    wanted_bytes = answer_bytes ? answer_bytes * pipeline : batch_bytes;
    epoll_set = epoll_create1(0);
    struct connection *all = calloc(connection_count, sizeof *all);
    for (int i = 0; i < connection_count; i++)
        if (!dial_and_watch(all, i))
            fail("cannot connect");
    for (int i = 0; i < connection_count; i++)
        begin_batch(&all[i]);

    struct epoll_event events[EVENTS];
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
            handle_readable(all, events[i].data.u32);
    }
    double took = (now_ns() - from) / 1e9, cpu = server_cpu_seconds() - cpu_before;
    for (int i = 0; i < connection_count; i++)
        if (all[i].fd >= 0 && all[i].received == 0 && now_ns() - all[i].started > 1000000000)
            errors++; // it waits for an answer that does not come
    printf("{\"mode\":\"%s\",\"connections\":%d,\"pipeline\":%d,\"size\":%d,\"messages\":%lu,"
        "\"per_s\":%.0f,\"errors\":%lu,\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,"
        "\"server_cpu_share\":%.3f,\"server_ns_per_message\":%.1f,\"server_rss_kb\":%ld}\n",
        mode_names[mode], connection_count, pipeline, size,
        messages, messages / took, errors, percentile_us(.5), percentile_us(.99), percentile_us(.999),
        cpu / took, messages ? cpu * 1e9 / messages : 0, server_rss_kb());
    return errors ? 1 : 0;
}

static int hold_idle(void)
{
    long rss_before = server_rss_kb();
    uint64_t begun = now_ns();
    int opened = 0;
    while (opened < connection_count && dial(opened) >= 0)
        opened++;
    double took = (now_ns() - begun) / 1e9;
    usleep((useconds_t)(warm_up * 1e6));
    double cpu_before = server_cpu_seconds();
    usleep((useconds_t)(seconds * 1e6));
    double cpu = server_cpu_seconds() - cpu_before;
    long rss = server_rss_kb();
    printf("{\"mode\":\"idle\",\"opened\":%d,\"connect_per_s\":%.0f,\"rss_before_kb\":%ld,"
        "\"rss_kb\":%ld,\"user_bytes_per_connection\":%.1f,\"idle_seconds\":%.1f,"
        "\"idle_cpu_ticks\":%.0f,\"errors\":%d}\n",
        opened, opened / took, rss_before, rss, (rss - rss_before) * 1024.0 / (opened ? opened : 1),
        seconds, cpu * sysconf(_SC_CLK_TCK), connection_count - opened);
    return opened == connection_count ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (!read_options(argc, argv))
    {
        fputs("usage: load echo|http|idle|churn|resp PORT [-c CONNECTIONS] [-p PIPELINE] [-s SIZE] "
            "[-d SECONDS] [-w WARM-UP] [-P SERVER-PID]\n", stderr);
        return 2;
    }
    raise_file_limit(connection_count + SPARE_FILES);
    make_batch();
    return mode == IDLE ? hold_idle() : run_closed_loop();
}
