// A closed-loop load of datagrams for loopback: each socket keeps so many on their way, and sends the next
// for each that comes back.
//
//   cc -O3 -march=native -o datagrams datagrams.c
//   ./datagrams echo PORT [-c SOCKETS] [-p DATAGRAMS] [-s SIZE] [-d SECONDS] [-w WARM-UP] [-P SERVER-PID]
//
// Every datagram begins with its number and goes on with bytes that follow from it; every byte of an answer
// is compared. One that does not come back within 100 ms is lost: it is counted, and sent again as a new one.
//
// It prints one line of JSON, as load.c does, with the lost ones beside the errors. The exit status is 1 when
// there was an error; losses alone are none.
#define _GNU_SOURCE
#include <netinet/in.h>
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
    WINDOW = 256,   // the most datagrams of one socket on their way
    BYTES = 65536,
    EVENTS = 256,
    PATIENCE_MS = 100,
};

struct datagram
{
    uint64_t number;  // 0: none is on its way
    uint64_t started; // in ns
};

struct client
{
    int fd;
    struct datagram out[WINDOW]; // by number, as far as the window reaches
};

static char sent_bytes[WINDOW][BYTES], received_bytes[WINDOW][BYTES];
static struct iovec sent_pieces[WINDOW], received_pieces[WINDOW];
static struct mmsghdr sent[WINDOW], received[WINDOW];
static struct client *clients;
static uint64_t next_number = 1, messages, errors, lost;

static void fail(const char *why)
{
    fprintf(stderr, "datagrams: %s\n", why);
    exit(1);
}

static char pattern(uint64_t number, int offset)
{
    return (char)(number * 31 + offset * 7);
}

// The bytes behind the number: the pattern of 256 numbers, made once.
static char patterns[256][BYTES];

static void make_patterns(void)
{
    for (int number = 0; number < 256; number++)
        for (int i = 0; i < size; i++)
            patterns[number][i] = pattern(number, i);
}

// Puts the next datagram of a place into the batch.
static void prepare(struct client *c, int place, int at)
{
    // Numbers of a socket go through the places in turn, so that an answer names its own.
    uint64_t number = next_number++;
    number = number * WINDOW + place;
    c->out[place] = (struct datagram){ number, now_ns() };
    memcpy(sent_bytes[at], patterns[(uint8_t)(number / WINDOW)], size);
    memcpy(sent_bytes[at], &number, sizeof number);
    sent_pieces[at] = (struct iovec){ sent_bytes[at], size };
    sent[at].msg_hdr = (struct msghdr){ .msg_iov = &sent_pieces[at], .msg_iovlen = 1 };
}

static void send_batch(struct client *c, int count)
{
    // What does not fit into the socket's buffer is lost like any other.
    for (int done = 0; done < count;)
    {
        int now = sendmmsg(c->fd, sent + done, count - done, MSG_DONTWAIT);
        if (now <= 0)
            return;
        done += now;
    }
}

// The place of an answer, or -1 when it is not what is expected; -2 when it comes too late.
static int place_of(struct client *c, const char *data, unsigned length)
{
    uint64_t number;
    if (length != (unsigned)size)
        return -1;
    memcpy(&number, data, sizeof number);
    int place = number % WINDOW;
    if (place >= pipeline
        || memcmp(data + sizeof number, patterns[(uint8_t)(number / WINDOW)] + sizeof number,
            size - sizeof number))
        return -1;
    return c->out[place].number == number ? place : -2;
}

static void handle_readable(struct client *c)
{
    int count = recvmmsg(c->fd, received, pipeline, MSG_DONTWAIT, NULL), batch = 0;
    if (count < 0)
        return;
    uint64_t now = now_ns();
    for (int i = 0; i < count; i++)
    {
        int place = place_of(c, received_bytes[i], received[i].msg_len);
        if (place == -1)
            errors++;
        if (place < 0)
            continue;
        record(now - c->out[place].started);
        messages++;
        prepare(c, place, batch++);
    }
    send_batch(c, batch);
}

static void send_lost_again(struct client *c)
{
    uint64_t now = now_ns();
    int batch = 0;
    for (int place = 0; place < pipeline; place++)
        if (now - c->out[place].started > PATIENCE_MS * 1000000ull)
        {
            lost++;
            prepare(c, place, batch++);
        }
    send_batch(c, batch);
}

static void open_client(struct client *c)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    c->fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to))
        fail("cannot connect");
}

static int run(void)
{
    int set = epoll_create1(0);
    clients = calloc(connection_count, sizeof *clients);
    for (int i = 0; i < pipeline; i++)
    {
        received_pieces[i] = (struct iovec){ received_bytes[i], BYTES };
        received[i].msg_hdr = (struct msghdr){ .msg_iov = &received_pieces[i], .msg_iovlen = 1 };
    }
    for (int i = 0; i < connection_count; i++)
    {
        open_client(&clients[i]);
        struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };
        epoll_ctl(set, EPOLL_CTL_ADD, clients[i].fd, &event);
        for (int place = 0; place < pipeline; place++)
            prepare(&clients[i], place, place);
        send_batch(&clients[i], pipeline);
    }

    struct epoll_event events[EVENTS];
    uint64_t now, from = now_ns() + (uint64_t)(warm_up * 1e9), end = from + (uint64_t)(seconds * 1e9);
    uint64_t checked = now_ns();
    double cpu_before = 0;
    bool measuring = false;
    while ((now = now_ns()) < end)
    {
        if (!measuring && now >= from)
        {
            measuring = true;
            messages = lost = 0;
            forget_records();
            cpu_before = server_cpu_seconds();
            from = now_ns();
        }
        if (now - checked > PATIENCE_MS * 1000000ull)
        {
            checked = now;
            for (int i = 0; i < connection_count; i++)
                send_lost_again(&clients[i]);
        }
        int count = epoll_wait(set, events, EVENTS, PATIENCE_MS);
        for (int i = 0; i < count; i++)
            handle_readable(&clients[events[i].data.u32]);
    }
    double took = (now_ns() - from) / 1e9, cpu = server_cpu_seconds() - cpu_before;
    printf("{\"mode\":\"datagrams\",\"connections\":%d,\"pipeline\":%d,\"size\":%d,\"messages\":%lu,"
        "\"per_s\":%.0f,\"errors\":%lu,\"lost\":%lu,\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,"
        "\"server_cpu_share\":%.3f,\"server_ns_per_message\":%.1f,\"server_rss_kb\":%ld}\n",
        connection_count, pipeline, size, messages, messages / took, errors, lost, percentile_us(.5),
        percentile_us(.99), percentile_us(.999), cpu / took, messages ? cpu * 1e9 / messages : 0,
        server_rss_kb());
    return errors ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (!read_options(argc, argv) || mode != ECHO || pipeline > WINDOW || size < 8 || size > 65507)
    {
        fputs("usage: datagrams echo PORT [-c SOCKETS] [-p DATAGRAMS] [-s SIZE] [-d SECONDS] [-w WARM-UP] "
            "[-P SERVER-PID]\n", stderr);
        return 2;
    }
    raise_file_limit(connection_count + 16);
    make_patterns();
    return run();
}
