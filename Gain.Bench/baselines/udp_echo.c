// The floor of datagrams: an echo in plain C that does the least that an echo can do. It waits for one
// datagram, takes all that are there with the same call (recvmmsg with MSG_WAITFORONE), and sends all of
// them back with one more (sendmmsg). No limits, no counters, next to no error handling.
//
//   cc -O3 -march=native -o udp_echo udp_echo.c
//   ./udp_echo PORT each|runs
//
// each: every datagram is a message of its own. runs: those of one size to one peer, one after the other, are
// one message that the kernel cuts up (UDP_SEGMENT).
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum
{
    BATCH = 64,
    BYTES = 2048,      // of one datagram: the loads send at most 1,200
    RUN_BYTES = 65507, // the most bytes of a run
};

union segment
{
    char bytes[CMSG_SPACE(sizeof(uint16_t))];
    struct cmsghdr head; // for its alignment
};

static char memory[BATCH][BYTES];
static struct sockaddr_in peers[BATCH];
static struct iovec pieces[BATCH];
static struct mmsghdr received[BATCH], runs[BATCH];
static union segment segments[BATCH];

static void fail(const char *why)
{
    perror(why);
    exit(1);
}

static bool is_peer(int i, int j)
{
    return peers[i].sin_port == peers[j].sin_port && peers[i].sin_addr.s_addr == peers[j].sin_addr.s_addr;
}

// Makes messages of the datagrams, each of as many as can go together.
static int join(int count)
{
    int made = 0;
    for (int first = 0; first < count;)
    {
        size_t size = pieces[first].iov_len, bytes = size;
        int end = first + 1;
        for (; end < count && is_peer(first, end) && pieces[end].iov_len == size && size != 0; end++)
            if ((bytes += size) > RUN_BYTES)
                break;
        struct msghdr *run = &runs[made].msg_hdr;
        *run = (struct msghdr){
            .msg_name = &peers[first],
            .msg_namelen = sizeof peers[first],
            .msg_iov = &pieces[first],
            .msg_iovlen = end - first,
        };
        if (end - first > 1)
        {
            run->msg_control = &segments[made];
            run->msg_controllen = sizeof segments[made].bytes;
            struct cmsghdr *head = CMSG_FIRSTHDR(run);
            head->cmsg_level = IPPROTO_UDP;
            head->cmsg_type = UDP_SEGMENT;
            head->cmsg_len = CMSG_LEN(sizeof(uint16_t));
            *(uint16_t *)CMSG_DATA(head) = size;
        }
        made++;
        first = end;
    }
    return made;
}

static void send_all(int fd, struct mmsghdr *messages, int count)
{
    for (int sent = 0; sent < count;)
    {
        int now = sendmmsg(fd, messages + sent, count - sent, 0);
        sent += now > 0 ? now : 1; // one that cannot be sent is lost, as datagrams may be
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    bool in_runs = argc == 3 && !strcmp(argv[2], "runs");
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (argc != 3 || (!in_runs && strcmp(argv[2], "each")))
    {
        fprintf(stderr, "usage: udp_echo PORT each|runs\n");
        return 2;
    }
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address))
        fail("udp_echo");
    for (int i = 0; i < BATCH; i++)
        received[i].msg_hdr = (struct msghdr){
            .msg_name = &peers[i],
            .msg_iov = &pieces[i],
            .msg_iovlen = 1,
        };
    for (;;)
    {
        for (int i = 0; i < BATCH; i++)
        {
            received[i].msg_hdr.msg_namelen = sizeof peers[i];
            pieces[i] = (struct iovec){ memory[i], BYTES };
        }
        int count = recvmmsg(fd, received, BATCH, MSG_WAITFORONE, NULL);
        for (int i = 0; i < count; i++)
            pieces[i].iov_len = received[i].msg_len;
        if (in_runs)
            send_all(fd, runs, join(count));
        else
            send_all(fd, received, count);
    }
}
