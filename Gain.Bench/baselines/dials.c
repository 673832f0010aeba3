// The floor of dials: one ring, one thread, a number of connects on their way at a time. Each is a socket with
// TCP_NODELAY, as all floors have it, a connect by the ring, and a close that resets. No limits, no counters,
// next to no error handling.
//
//   cc -O3 -march=native -o dials dials.c -luring
//   ./dials PORT DIALS TOGETHER
//
// It makes as many dials to warm up, then as many again, and prints the nanoseconds of CPU time for each.
#define _GNU_SOURCE
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum
{
    ENTRIES = 1024,
};

static struct io_uring ring;
static struct sockaddr_in target;

static void fail(const char *why)
{
    perror(why);
    exit(1);
}

static int64_t cpu_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void dial(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        fail("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct io_uring_sqe *entry = io_uring_get_sqe(&ring);
    io_uring_prep_connect(entry, fd, (struct sockaddr *)&target, sizeof target);
    entry->user_data = fd;
}

int main(int count, char **words)
{
    if (count != 4)
    {
        fprintf(stderr, "dials PORT DIALS TOGETHER\n");
        return 2;
    }

    target.sin_family = AF_INET;
    target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    target.sin_port = htons(atoi(words[1]));
    long dials = atol(words[2]), together = atol(words[3]), begun = together, over = 0;
    struct io_uring_params options = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
    };
    if (io_uring_queue_init_params(ENTRIES, &ring, &options) < 0)
        fail("io_uring");
    io_uring_register_ring_fd(&ring);
    for (long i = 0; i < together; i++)
        dial();
    int64_t before = 0;
    while (over < 2 * dials)
    {
        io_uring_submit_and_wait(&ring, 1);
        struct io_uring_cqe *completion;
        unsigned head, seen = 0;
        io_uring_for_each_cqe(&ring, head, completion)
        {
            seen++;
            if (completion->res < 0)
            {
                fprintf(stderr, "a dial failed: %d\n", completion->res);
                return 1;
            }

            int fd = (int)completion->user_data;
            struct linger reset = {.l_onoff = 1};
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
            close(fd);
            if (begun++ < 2 * dials)
                dial();
            if (++over == dials)
                before = cpu_ns();
        }
        io_uring_cq_advance(&ring, seen);
    }

    printf("%lld\n", (long long)(cpu_ns() - before) / dials);
    return 0;
}
