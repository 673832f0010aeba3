// A ring for one file that is written durably: what log.c uses of io_uring, without liburing.
#pragma once
#include <errno.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum
{
    ENTRIES = 4,
    LOG_FILE = 0,
    WRITE_ID = 1,
    SYNC_ID = 2,
};

static struct
{
    int fd;
    unsigned *sq_tail, *sq_mask, *sq_array;
    unsigned *cq_head, *cq_tail, *cq_mask;
    struct io_uring_sqe *entries;
    struct io_uring_cqe *completions;
} ring;

static void fail(const char *what, int error)
{
    fprintf(stderr, "log: %s: %s\n", what, strerror(error));
    exit(1);
}

static void register_with_ring(unsigned what, void *argument, unsigned count)
{
    if (syscall(SYS_io_uring_register, ring.fd, what, argument, count) < 0)
        fail("io_uring_register", errno);
}

static char *map(size_t size, off_t offset)
{
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, offset);
    if (memory == MAP_FAILED)
        fail("mmap", errno);
    return memory;
}

// With the flags of the other side where the kernel has them.
static void open_ring(void)
{
    static const unsigned flags[] = {
        IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
        IORING_SETUP_SUBMIT_ALL,
        0,
    };
    struct io_uring_params p;
    ring.fd = -1;
    for (unsigned i = 0; i < 3 && ring.fd < 0; i++)
    {
        memset(&p, 0, sizeof p);
        p.flags = flags[i];
        ring.fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p);
    }
    if (ring.fd < 0)
        fail("io_uring_setup", errno);
    char *sq = map(p.sq_off.array + p.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
    char *cq = map(p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
    ring.entries = (void *)map(p.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
    ring.sq_tail = (void *)(sq + p.sq_off.tail);
    ring.sq_mask = (void *)(sq + p.sq_off.ring_mask);
    ring.sq_array = (void *)(sq + p.sq_off.array);
    ring.cq_head = (void *)(cq + p.cq_off.head);
    ring.cq_tail = (void *)(cq + p.cq_off.tail);
    ring.cq_mask = (void *)(cq + p.cq_off.ring_mask);
    ring.completions = (void *)(cq + p.cq_off.cqes);
}

static struct io_uring_sqe *next_entry(unsigned tail)
{
    unsigned place = tail & *ring.sq_mask;
    ring.sq_array[place] = place;
    memset(&ring.entries[place], 0, sizeof ring.entries[place]);
    return &ring.entries[place];
}

// Takes what is there; the write has to be whole.
static unsigned take(unsigned length)
{
    unsigned head = *ring.cq_head;
    unsigned tail = __atomic_load_n(ring.cq_tail, __ATOMIC_ACQUIRE);
    unsigned count = tail - head;
    for (; head != tail; head++)
    {
        struct io_uring_cqe *cqe = &ring.completions[head & *ring.cq_mask];
        if (cqe->res != (cqe->user_data == WRITE_ID ? (int)length : 0))
            fail("a write or a sync", cqe->res < 0 ? -cqe->res : EIO);
    }
    __atomic_store_n(ring.cq_head, head, __ATOMIC_RELEASE);
    return count;
}

static void write_durably(const char *memory, unsigned length, uint64_t offset)
{
    unsigned tail = *ring.sq_tail;
    struct io_uring_sqe *sqe = next_entry(tail++);
    sqe->opcode = IORING_OP_WRITE_FIXED;
    sqe->flags = IOSQE_FIXED_FILE | IOSQE_IO_LINK;
    sqe->fd = LOG_FILE;
    sqe->off = offset;
    sqe->addr = (uint64_t)(uintptr_t)memory;
    sqe->len = length;
    sqe->user_data = WRITE_ID;
    sqe = next_entry(tail++);
    sqe->opcode = IORING_OP_FSYNC;
    sqe->flags = IOSQE_FIXED_FILE;
    sqe->fd = LOG_FILE;
    sqe->fsync_flags = IORING_FSYNC_DATASYNC;
    sqe->user_data = SYNC_ID;
    __atomic_store_n(ring.sq_tail, tail, __ATOMIC_RELEASE);
    unsigned to_submit = 2;
    for (unsigned taken = 0; taken < 2; taken += take(length))
    {
        long result = syscall(
            SYS_io_uring_enter, ring.fd, to_submit, 1, IORING_ENTER_GETEVENTS, NULL, 0);
        if (result < 0 && errno != EINTR)
            fail("io_uring_enter", errno);
        to_submit -= result > 0 ? (unsigned)result : 0;
    }
}
