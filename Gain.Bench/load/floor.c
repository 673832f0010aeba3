// The floor that Gain is held against: the least that a single-threaded server on Linux has to do
// for a message. One ring (or one epoll set), no framework, no limits, no timeouts, no statistics.
// What a framework costs is its CPU time per message over this program's, in the same run and under
// the same load.
//
//   cc -O3 -march=native -o floor floor.c -luring
//   ./floor http|echo|sink PORT uring|epoll
//
// http answers every request head with a plaintext "Hello, World!", echo sends back what it
// receives, sink drops it. It follows the rules that Gain follows, so that the figures compare:
//   - a multishot receive for each connection, 16 KiB buffers that the kernel picks;
//   - what a turn of the loop produced for a connection goes out as one send at its end;
//   - one connection with something to send: send(2) at once; several: one submission for all;
//   - one send in flight for a connection; what is produced meanwhile follows it.
#define _GNU_SOURCE
#include <errno.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "answer.h"

enum
{
    RING_ENTRIES = 4096,
    COMPLETIONS = RING_ENTRIES * 4,
    BUFFERS = 1024, // a power of two, for the mask
    BUFFER_BYTES = 16384,
    DESCRIPTORS = 1 << 20,
};

enum operation { OP_ACCEPT, OP_RECEIVE, OP_SEND };

static struct connection *connections;

static int listen_at(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // accepted sockets inherit it
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096))
        die("listen");
    return fd;
}

static void open_connection(int fd)
{
    if (fd >= DESCRIPTORS)
    {
        close(fd);
        return;
    }
    connections[fd] = (struct connection){ .output = connections[fd].output };
}

static struct io_uring_sqe *next_entry(struct io_uring *ring, enum operation operation, int fd)
{
    struct io_uring_sqe *entry = io_uring_get_sqe(ring);
    if (!entry)
    {
        io_uring_submit(ring);
        entry = io_uring_get_sqe(ring);
    }
    entry->user_data = (uint64_t)operation << 32 | (uint32_t)fd;
    return entry;
}

static void arm_receive(struct io_uring *ring, int fd)
{
    struct io_uring_sqe *entry = next_entry(ring, OP_RECEIVE, fd);
    io_uring_prep_recv_multishot(entry, fd, NULL, 0, 0);
    entry->flags |= IOSQE_BUFFER_SELECT;
    entry->buf_group = 0;
}

static void arm_accept(struct io_uring *ring, int listener)
{
    io_uring_prep_multishot_accept(next_entry(ring, OP_ACCEPT, listener), listener, NULL, NULL, 0);
}

static void arm_send(struct io_uring *ring, int fd)
{
    struct connection *c = &connections[fd];
    io_uring_prep_send(
        next_entry(ring, OP_SEND, fd), fd, c->output, c->length, MSG_NOSIGNAL | MSG_WAITALL);
}

// Sends what one turn produced. The ready list holds connections that had no send in flight.
static void send_ready(struct io_uring *ring, const int *ready, int count)
{
    if (count == 1)
    {
        struct connection *c = &connections[ready[0]];
        int sent = send(ready[0], c->output, c->length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0)
            drop_sent(c, sent);
        else if (sent < 0 && errno != EAGAIN)
            c->length = 0;
        if (c->length == 0)
        {
            if (c->ended)
                close(ready[0]);
            return;
        }
    }
    for (int i = 0; i < count; i++)
        arm_send(ring, ready[i]);
}

static void serve_uring(int listener)
{
    struct io_uring ring;
    struct io_uring_params params = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE,
        .cq_entries = COMPLETIONS,
    };
    errno = -io_uring_queue_init_params(RING_ENTRIES, &ring, &params);
    if (errno)
        die("io_uring_queue_init_params");
    io_uring_register_ring_fd(&ring);

    struct io_uring_buf_ring *buffers = aligned_alloc(4096, BUFFERS * sizeof(struct io_uring_buf));
    struct io_uring_buf_reg registration = {
        .ring_addr = (uintptr_t)buffers, .ring_entries = BUFFERS, .bgid = 0,
    };
    errno = -io_uring_register_buf_ring(&ring, &registration, 0);
    if (errno)
        die("io_uring_register_buf_ring");
    io_uring_buf_ring_init(buffers);
    char *pool = malloc((size_t)BUFFERS * BUFFER_BYTES + WORD);
    int mask = io_uring_buf_ring_mask(BUFFERS);
    for (int i = 0; i < BUFFERS; i++)
        io_uring_buf_ring_add(buffers, pool + (size_t)i * BUFFER_BYTES, BUFFER_BYTES, i, mask, i);
    io_uring_buf_ring_advance(buffers, BUFFERS);

    static int ready[COMPLETIONS];
    arm_accept(&ring, listener);
    for (;;)
    {
        io_uring_submit_and_wait(&ring, 1);
        renew_response();
        struct io_uring_cqe *completion;
        unsigned head, seen = 0, returned = 0, ready_count = 0;
        io_uring_for_each_cqe(&ring, head, completion)
        {
            seen++;
            int fd = (int)(uint32_t)completion->user_data, result = completion->res;
            struct connection *c = &connections[fd];
            switch ((enum operation)(completion->user_data >> 32))
            {
                case OP_RECEIVE:
                    if (result > 0)
                    {
                        int id = completion->flags >> IORING_CQE_BUFFER_SHIFT;
                        char *data = pool + (size_t)id * BUFFER_BYTES;
                        bool was_idle = c->length == 0;
                        answer(c, data, result);
                        io_uring_buf_ring_add(buffers, data, BUFFER_BYTES, id, mask, returned++);
                        if (was_idle && c->length)
                            ready[ready_count++] = fd;
                        if (!(completion->flags & IORING_CQE_F_MORE))
                            arm_receive(&ring, fd);
                    }
                    else if (result == -ENOBUFS)
                        arm_receive(&ring, fd);
                    else if (c->length == 0)
                        close(fd);
                    else
                        c->ended = true;
                    break;

                case OP_SEND:
                    if (result <= 0)
                        c->length = 0; // the receive ends as well, and closes
                    else
                        drop_sent(c, result);
                    if (c->length)
                        arm_send(&ring, fd);
                    else if (c->ended)
                        close(fd);
                    break;

                case OP_ACCEPT:
                    if (result >= 0)
                    {
                        open_connection(result);
                        arm_receive(&ring, result);
                    }
                    if (!(completion->flags & IORING_CQE_F_MORE))
                        arm_accept(&ring, listener);
                    break;
            }
        }
        io_uring_cq_advance(&ring, seen);
        if (returned)
            io_uring_buf_ring_advance(buffers, returned);
        if (ready_count)
            send_ready(&ring, ready, ready_count);
    }
}

static void watch(int set, int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

static void serve_epoll(int listener)
{
    static char input[OUTPUT_BYTES + WORD];
    struct epoll_event events[512];
    int set = epoll_create1(0);
    watch(set, listener);
    for (;;)
    {
        int count = epoll_wait(set, events, 512, -1);
        renew_response();
        for (int i = 0; i < count; i++)
        {
            int fd = events[i].data.fd;
            if (fd == listener)
            {
                int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (accepted >= 0)
                {
                    open_connection(accepted);
                    watch(set, accepted);
                }
                continue;
            }
            int length = recv(fd, input, OUTPUT_BYTES, 0);
            if (length <= 0)
            {
                if (length == 0 || errno != EAGAIN)
                    close(fd);
                continue;
            }
            struct connection *c = &connections[fd];
            answer(c, input, length);
            // A closed loop never fills a socket's buffer: what would not go out at once ends the
            // connection, so that it shows.
            if (c->length && send(fd, c->output, c->length, MSG_NOSIGNAL) != c->length)
                close(fd);
            c->length = 0;
        }
    }
}

int main(int argc, char **argv)
{
    const char *const names[] = { "http", "echo", "sink" };
    int chosen = -1;
    for (int i = 0; argc == 4 && i < 3; i++)
        if (!strcmp(argv[1], names[i]))
            chosen = i;
    bool epoll = argc == 4 && !strcmp(argv[3], "epoll");
    if (chosen < 0 || (!epoll && strcmp(argv[3], "uring")))
    {
        fputs("usage: floor http|echo|sink PORT uring|epoll\n", stderr);
        return 2;
    }
    handler = chosen;

    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    // Mapped, not touched: a descriptor costs memory when it is first used.
    connections = mmap(NULL, DESCRIPTORS * sizeof *connections, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (connections == MAP_FAILED)
        die("mmap");
    renew_response();
    int listener = listen_at(atoi(argv[2]));
    if (epoll)
        serve_epoll(listener);
    else
        serve_uring(listener);
}
