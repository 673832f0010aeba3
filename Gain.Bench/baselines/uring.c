// The work of Gain.Bench/RingCases, in C with liburing: what the verb `uring` compares with.
//
//     cc -O3 -march=native -o uring uring.c -luring
//     ./uring nop1 1000000            (nop16, nop128, pingpong; read4k needs a file)
//     ./uring read4k 1000000 FILE
//
// It prints the nanoseconds of one operation. The ring has the flags and sizes of the other side's.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum
{
    ENTRIES = 128,
    MESSAGE_BYTES = 64,
    READ_BYTES = 4096,
    READ_DEPTH = 32,
};

static struct io_uring ring;

static void fail(const char *what, int error)
{
    fprintf(stderr, "uring: %s: %s\n", what, strerror(error));
    exit(1);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void submit_and_wait(unsigned count)
{
    int result = io_uring_submit_and_wait(&ring, count);
    if (result < 0)
        fail("submit", -result);
}

// Takes all completions; each has to have the result.
static unsigned take(int expected)
{
    struct io_uring_cqe *cqe;
    unsigned head;
    unsigned count = 0;
    io_uring_for_each_cqe(&ring, head, cqe)
    {
        if (cqe->res != expected)
            fail("an operation", cqe->res < 0 ? -cqe->res : EIO);
        count++;
    }
    io_uring_cq_advance(&ring, count);
    return count;
}

static void nops(long operations, unsigned batch)
{
    for (long done = 0; done < operations; done += batch)
    {
        for (unsigned i = 0; i < batch; i++)
        {
            struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
            io_uring_prep_nop(sqe);
            sqe->user_data = i;
        }
        submit_and_wait(batch);
        take(0);
    }
}

static void ping_pong(long operations)
{
    static char sent[MESSAGE_BYTES], received[MESSAGE_BYTES];
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        fail("socketpair", errno);
    for (long done = 0; done < operations; done++)
    {
        int from = ends[done & 1];
        int to = ends[(done & 1) ^ 1];
        struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
        io_uring_prep_recv(sqe, to, received, MESSAGE_BYTES, 0);
        sqe->user_data = 1;
        sqe = io_uring_get_sqe(&ring);
        io_uring_prep_send(sqe, from, sent, MESSAGE_BYTES, MSG_NOSIGNAL);
        sqe->user_data = 2;
        unsigned seen = 0;
        while (seen < 2)
        {
            submit_and_wait(2 - seen);
            seen += take(MESSAGE_BYTES);
        }
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void prepare_read(int fd, char *memory, unsigned slot, uint64_t blocks, uint64_t *state)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    uint64_t offset = next_random(state) % blocks * READ_BYTES;
    io_uring_prep_read(sqe, fd, memory + (size_t)slot * READ_BYTES, READ_BYTES, offset);
    sqe->user_data = slot;
}

static void reads(long operations, const char *path)
{
    struct stat status;
    char *memory = aligned_alloc(READ_BYTES, READ_DEPTH * READ_BYTES);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0 || memory == NULL)
        fail(path, errno);
    uint64_t blocks = (uint64_t)status.st_size / READ_BYTES;
    uint64_t state = 88172645463325252u;
    for (unsigned slot = 0; slot < READ_DEPTH; slot++)
        prepare_read(fd, memory, slot, blocks, &state);
    for (long done = 0; done < operations;)
    {
        struct io_uring_cqe *cqe;
        unsigned head;
        unsigned count = 0;
        submit_and_wait(1);
        io_uring_for_each_cqe(&ring, head, cqe)
        {
            if (cqe->res != READ_BYTES)
                fail("read", cqe->res < 0 ? -cqe->res : EIO);
            prepare_read(fd, memory, (unsigned)cqe->user_data, blocks, &state);
            count++;
        }
        io_uring_cq_advance(&ring, count);
        done += count;
    }
    submit_and_wait(READ_DEPTH);
    take(READ_BYTES);
    close(fd);
    free(memory);
}

static void run(const char *name, long operations, const char *path)
{
    if (strncmp(name, "nop", 3) == 0)
        nops(operations, (unsigned)atoi(name + 3));
    else if (strcmp(name, "pingpong") == 0)
        ping_pong(operations);
    else if (strcmp(name, "read4k") == 0 && path != NULL)
        reads(operations, path);
    else
        fail(name, EINVAL);
}

int main(int count, char **words)
{
    if (count < 3)
        fail("usage: uring nop1|nop16|nop128|pingpong|read4k OPERATIONS [FILE]", EINVAL);
    struct io_uring_params parameters = {
        .flags = IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN
            | IORING_SETUP_CQSIZE,
        .cq_entries = 2 * ENTRIES,
    };
    int result = io_uring_queue_init_params(ENTRIES, &ring, &parameters);
    if (result < 0)
        fail("set-up", -result);
    io_uring_register_ring_fd(&ring);
    long operations = atol(words[2]);
    const char *path = count > 3 ? words[3] : NULL;
    run(words[1], operations / 10, path);
    uint64_t before = now();
    run(words[1], operations, path);
    printf("%.3f\n", (double)(now() - before) / (double)operations);
    io_uring_queue_exit(&ring);
    return 0;
}
