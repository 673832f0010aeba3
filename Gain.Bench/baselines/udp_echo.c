// The floor of datagrams: an echo in plain C that does the least that an echo can do. It waits for one
// datagram, takes all that are there with the same call (recvmmsg with MSG_WAITFORONE), and sends all of
// them back with one more (sendmmsg). No limits, no counters, next to no error handling.
//
//   cc -O3 -march=native -o udp_echo udp_echo.c
//   ./udp_echo PORT
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum
{
    BATCH = 64,
    BYTES = 2048, // of one datagram: the loads send at most 1,200
};

static char memory[BATCH][BYTES];
static struct sockaddr_in peers[BATCH];
static struct iovec pieces[BATCH];
static struct mmsghdr messages[BATCH];

static void fail(const char *why)
{
    perror(why);
    exit(1);
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (argc != 2 || fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address))
        fail("udp_echo PORT");
    for (int i = 0; i < BATCH; i++)
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &peers[i],
            .msg_iov = &pieces[i],
            .msg_iovlen = 1,
        };
    for (;;)
    {
        for (int i = 0; i < BATCH; i++)
        {
            messages[i].msg_hdr.msg_namelen = sizeof peers[i];
            pieces[i] = (struct iovec){ memory[i], BYTES };
        }
        int count = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
        for (int i = 0; i < count; i++)
            pieces[i].iov_len = messages[i].msg_len;
        for (int sent = 0; sent < count;)
        {
            int now = sendmmsg(fd, messages + sent, count - sent, 0);
            sent += now > 0 ? now : 1; // one that cannot be sent is lost, as datagrams may be
        }
    }
}
