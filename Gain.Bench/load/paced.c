// An open-loop load generator for loopback: messages go out at a fixed rate, whether or not earlier ones
// have come back, and the time of each counts from when it was due. So a server that stands still makes all
// that was due meanwhile late, as it would for users who do not wait for one another.
//
//   cc -O3 -march=native -o paced paced.c
//   ./paced echo PORT -r RATE -o FILE [-c CONNECTIONS] [-s SIZE] [-d SECONDS] [-w WARM-UP] [-P SERVER-PID]
//
// Connections take turns. FILE gets the time of each message that was due in the measured time, in ns, as an
// unsigned number of 32 bits. It prints one line of JSON; the exit status is 1 when there was an error.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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
    IN_FLIGHT = 1 << 12, // messages of a connection that are on their way at most
    INPUT_BYTES = 1 << 16,
    EVENTS = 512,
    SPARE_FILES = 64,
    DRAIN_NS = 2000000000, // how long answers are waited for behind the end
};

struct connection
{
    int fd;
    long partial;          // bytes of the answer that is being received
    long backlog;          // bytes that the socket has not taken yet
    uint32_t first, next;  // of the messages that are on their way
    uint64_t due[IN_FLIGHT];
};

static char *message;
static struct connection *all;
static uint32_t *times;
static uint64_t time_count, time_room, sent_count, errors, from, until;
static int epoll_set;

static void fail(const char *why)
{
    fprintf(stderr, "paced: %s\n", why);
    exit(1);
}

static void dial(struct connection *c, int index)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to))
        fail("cannot connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = index };
    if (epoll_ctl(epoll_set, EPOLL_CTL_ADD, c->fd, &event))
        fail("cannot watch a socket");
}

// Every message is alike, so what is left of one is found by its length alone.
static void send_backlog(struct connection *c)
{
    while (c->backlog > 0)
    {
        long rest = c->backlog % size ? c->backlog % size : size;
        long sent = send(c->fd, message + size - rest, rest, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0)
            return;
        c->backlog -= sent;
    }
}

static void send_due(struct connection *c, uint64_t due)
{
    if (c->next - c->first == IN_FLIGHT)
    {
        errors++; // the server is so late that this program cannot count it
        return;
    }
    c->due[c->next++ % IN_FLIGHT] = due;
    c->backlog += size;
    sent_count++;
    send_backlog(c);
}

static void record_answer(struct connection *c, uint64_t now)
{
    uint64_t due = c->due[c->first++ % IN_FLIGHT], took = now - due;
    if (due >= from && due < until && time_count < time_room)
        times[time_count++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
}

static void receive(struct connection *c)
{
    static char input[INPUT_BYTES];
    long length = recv(c->fd, input, sizeof input, MSG_DONTWAIT);
    if (length < 0 && errno == EAGAIN)
        return;
    if (length <= 0)
    {
        errors++;
        epoll_ctl(epoll_set, EPOLL_CTL_DEL, c->fd, NULL);
        return;
    }
    uint64_t now = now_ns();
    for (long at = 0; at < length;)
    {
        long rest = size - c->partial, here = length - at < rest ? length - at : rest;
        errors += memcmp(input + at, message + c->partial, here) != 0;
        at += here;
        c->partial += here;
        if (c->partial == size)
        {
            c->partial = 0;
            record_answer(c, now);
        }
    }
    send_backlog(c);
}

static void run(void)
{
    struct epoll_event events[EVENTS];
    uint64_t begun = now_ns(), end, sent = 0, answered = 0;
    from = begun + (uint64_t)(warm_up * 1e9);
    until = end = from + (uint64_t)(seconds * 1e9);
    for (uint64_t now = begun; now < end + DRAIN_NS && (now < end || answered < sent_count); now = now_ns())
    {
        // Never asleep: a wake-up that comes late would look like a late server.
        uint64_t due;
        while ((due = begun + (uint64_t)(sent * 1e9 / rate)) <= now && due < end)
            send_due(&all[sent++ % connection_count], due);
        int count = epoll_wait(epoll_set, events, EVENTS, 0);
        for (int i = 0; i < count; i++)
        {
            struct connection *c = &all[events[i].data.u32];
            uint32_t before = c->first;
            receive(c);
            answered += c->first - before;
        }
    }
    errors += sent_count - answered;
}

int main(int argc, char **argv)
{
    if (!read_options(argc, argv) || mode != ECHO || rate <= 0 || !record_path)
    {
        fputs("usage: paced echo PORT -r RATE -o FILE [-c CONNECTIONS] [-s SIZE] [-d SECONDS] [-w WARM-UP] "
            "[-P SERVER-PID]\n", stderr);
        return 2;
    }
    raise_file_limit(connection_count + SPARE_FILES);
    epoll_set = epoll_create1(0);
    all = calloc(connection_count, sizeof *all);
    message = malloc(size);
    for (long i = 0; i < size; i++)
        message[i] = (char)(i * 7);
    time_room = (uint64_t)(rate * seconds) + 1;
    times = malloc(time_room * sizeof *times);
    for (int i = 0; i < connection_count; i++)
        dial(&all[i], i);
    double cpu = server_cpu_seconds();
    run();
    cpu = server_cpu_seconds() - cpu;
    FILE *record = fopen(record_path, "wb");
    if (!record || fwrite(times, sizeof *times, time_count, record) != time_count || fclose(record))
        fail("cannot write the record");
    printf("{\"mode\":\"paced\",\"messages\":%lu,\"errors\":%lu,\"server_cpu_share\":%.3f}\n",
        time_count, errors, cpu / (seconds + warm_up));
    return errors ? 1 : 0;
}
