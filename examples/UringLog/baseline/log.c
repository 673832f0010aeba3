// The log of this example, in C: what the verb `bench` compares with. It writes the same file: records in
// groups with a checksum, O_DIRECT from a registered buffer through a registered file, and a sync that is
// linked to each write. One thread writes; what is appended meanwhile goes out together.
//
//     cc -O3 -march=native -pthread -o log log.c
//     ./log FILE WRITERS RECORDS BYTES
//
// It prints the nanoseconds of one durable append. It needs no liburing.
#define _GNU_SOURCE
#include "ring.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#if defined(__SSE4_2__)
#include <nmmintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

enum
{
    BLOCK_BYTES = 4096,
    HEAD_BYTES = 32,
    LENGTH_BYTES = 4,
    GROUP_BYTES = 256 * 1024,
};

static const uint32_t MAGIC = 0x4C415755;

// A record that is appended, on its writer's stack until it is durable.
struct waiting
{
    const char *data;
    uint32_t length;
    int done;
    pthread_cond_t durable;
    struct waiting *next;
};

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static struct waiting *first, **last = &first;
static int is_closed, is_open;
static long records;
static uint32_t bytes;
static const char *path;

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// CRC-32C.
static uint32_t checksum(const char *data, size_t length)
{
    uint32_t sum = UINT32_MAX;
#if defined(__SSE4_2__) || defined(__ARM_FEATURE_CRC32)
    for (; length >= 8; length -= 8, data += 8)
    {
        uint64_t word;
        memcpy(&word, data, sizeof word);
#if defined(__SSE4_2__)
        sum = (uint32_t)_mm_crc32_u64(sum, word);
#else
        sum = __crc32cd(sum, word);
#endif
    }
#endif
    for (; length > 0; length--, data++)
    {
        sum ^= (uint8_t)*data;
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0x82F63B78 : 0);
    }
    return ~sum;
}

static void put(char *at, const void *value, size_t size)
{
    memcpy(at, value, size);
}

// Writes the head, and zeros up to the end of the last block; returns the checksum.
static uint32_t seal(char *group, uint32_t end, uint32_t count, uint64_t sequence, uint32_t before)
{
    uint32_t rest = end - HEAD_BYTES;
    memset(group, 0, HEAD_BYTES);
    put(group, &MAGIC, 4);
    put(group + 8, &rest, 4);
    put(group + 12, &count, 4);
    put(group + 16, &sequence, 8);
    put(group + 24, &before, 4);
    uint32_t sum = checksum(group + 8, end - 8);
    put(group + 4, &sum, 4);
    memset(group + end, 0, (BLOCK_BYTES - end % BLOCK_BYTES) % BLOCK_BYTES);
    return sum;
}

// Takes what waits, as much as fits; NULL when the log is closed and all is written.
static struct waiting *gather(char *group, uint32_t *end, uint32_t *count)
{
    pthread_mutex_lock(&gate);
    while (first == NULL && !is_closed)
        pthread_cond_wait(&work, &gate);
    struct waiting *taken = first, **at = &first;
    for (*end = HEAD_BYTES, *count = 0; *at != NULL; at = &(*at)->next, ++*count)
    {
        uint32_t length = (*at)->length;
        if (*end + LENGTH_BYTES + length > GROUP_BYTES)
            break;
        put(group + *end, &length, LENGTH_BYTES);
        memcpy(group + *end + LENGTH_BYTES, (*at)->data, length);
        *end += LENGTH_BYTES + length;
    }
    first = *at;
    if (first == NULL)
        last = &first;
    if (taken != NULL)
        *at = NULL;
    pthread_mutex_unlock(&gate);
    return taken;
}

static void open_log(char *group)
{
    int flags = O_RDWR | O_CREAT | O_CLOEXEC;
    int file = open(path, flags | O_DIRECT, 0640);
    if (file < 0 && errno == EINVAL)
        file = open(path, flags, 0640);
    char *copy = strdup(path);
    int folder = file < 0 ? -1 : open(dirname(copy), O_DIRECTORY | O_RDONLY | O_CLOEXEC);
    if (folder < 0 || fsync(folder) != 0)
        fail(path, errno);
    close(folder);
    free(copy);
    open_ring();
    register_with_ring(IORING_REGISTER_FILES, &file, 1);
    register_with_ring(IORING_REGISTER_BUFFERS, &(struct iovec){group, GROUP_BYTES}, 1);
    close(file);
}

static void *write_log(void *unused)
{
    (void)unused;
    char *group = aligned_alloc(BLOCK_BYTES, GROUP_BYTES);
    if (group == NULL)
        fail("memory", ENOMEM);
    open_log(group);
    pthread_mutex_lock(&gate);
    is_open = 1;
    pthread_cond_broadcast(&work);
    pthread_mutex_unlock(&gate);
    uint64_t offset = 0, sequence = 0;
    uint32_t before = 0, end, count;
    for (struct waiting *taken; (taken = gather(group, &end, &count)) != NULL;)
    {
        before = seal(group, end, count, sequence, before);
        uint32_t blocks = (end + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        write_durably(group, blocks, offset);
        offset += blocks;
        sequence += count;
        pthread_mutex_lock(&gate);
        for (struct waiting *next; taken != NULL; taken = next)
        {
            // Its writer's stack is gone as soon as the gate is open.
            next = taken->next;
            taken->done = 1;
            pthread_cond_signal(&taken->durable);
        }
        pthread_mutex_unlock(&gate);
    }
    free(group);
    return NULL;
}

static void append(const char *data, uint32_t length)
{
    struct waiting waiting = {.data = data, .length = length, .durable = PTHREAD_COND_INITIALIZER};
    pthread_mutex_lock(&gate);
    *last = &waiting;
    last = &waiting.next;
    pthread_cond_signal(&work);
    while (!waiting.done)
        pthread_cond_wait(&waiting.durable, &gate);
    pthread_mutex_unlock(&gate);
}

static void *append_all(void *unused)
{
    (void)unused;
    char *data = calloc(1, bytes + 1);
    if (data == NULL)
        fail("memory", ENOMEM);
    for (long i = 0; i < records; i++)
        append(data, bytes);
    free(data);
    return NULL;
}

static void start(pthread_t *thread, void *(*run)(void *))
{
    int error = pthread_create(thread, NULL, run, NULL);
    if (error != 0)
        fail("pthread_create", error);
}

int main(int count, char **words)
{
    if (count != 5)
        fail("usage: log FILE WRITERS RECORDS BYTES", EINVAL);
    path = words[1];
    int writers = atoi(words[2]);
    records = atol(words[3]);
    bytes = (uint32_t)atol(words[4]);
    if (writers < 1 || records < 1 || bytes > GROUP_BYTES - HEAD_BYTES - LENGTH_BYTES)
        fail("usage: log FILE WRITERS RECORDS BYTES", EINVAL);
    pthread_t log, *threads = calloc((size_t)writers, sizeof *threads);
    if (threads == NULL)
        fail("memory", ENOMEM);
    start(&log, write_log);
    pthread_mutex_lock(&gate);
    while (!is_open)
        pthread_cond_wait(&work, &gate);
    pthread_mutex_unlock(&gate);
    uint64_t before = now();
    for (int i = 0; i < writers; i++)
        start(&threads[i], append_all);
    for (int i = 0; i < writers; i++)
        pthread_join(threads[i], NULL);
    uint64_t taken = now() - before;
    pthread_mutex_lock(&gate);
    is_closed = 1;
    pthread_cond_broadcast(&work);
    pthread_mutex_unlock(&gate);
    pthread_join(log, NULL);
    free(threads);
    printf("%.1f\n", (double)taken / ((double)writers * (double)records));
    return 0;
}
