// What the load generator measures with: a clock, a histogram of times, and the server's /proc.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// A histogram with a resolution of 1/64. Times below 128 ns have a bucket each; above, every power
// of two is divided into 64. With s = floor(log2(t)) - 6, a time t is in the bucket 64 s + (t >> s).
enum { BUCKETS = 64 * 60 };

static uint64_t histogram[BUCKETS];
static int server_pid; // 0: not asked to watch a server

static inline uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static inline void record(uint64_t ns)
{
    int shift = ns < 128 ? 0 : 57 - __builtin_clzll(ns);
    histogram[shift * 64 + (ns >> shift)]++;
}

static void forget_records(void)
{
    memset(histogram, 0, sizeof histogram);
}

// The time that a share of the batches did not exceed, in microseconds.
static double percentile_us(double share)
{
    uint64_t total = 0, below = 0;
    for (int i = 0; i < BUCKETS; i++)
        total += histogram[i];
    for (int i = 0; i < BUCKETS; i++)
    {
        below += histogram[i];
        if (histogram[i] && below >= share * total)
        {
            int shift = i < 128 ? 0 : i / 64 - 1;
            return (double)((uint64_t)(i - shift * 64) << shift) / 1000;
        }
    }
    return 0;
}

static FILE *open_server_file(const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", server_pid, name);
    return server_pid ? fopen(path, "r") : NULL;
}

// User and system time of all the server's threads: the 14th and 15th field of proc_pid_stat(5). The
// second field is the program's name and may hold anything, so counting begins behind it.
static double server_cpu_seconds(void)
{
    char text[1024];
    unsigned long user = 0, system = 0;
    FILE *file = open_server_file("stat");
    if (!file)
        return 0;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    const char *rest = strrchr(text, ')');
    if (rest)
        sscanf(rest + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu", &user, &system);
    return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

static long server_rss_kb(void)
{
    char line[256];
    long kb = 0;
    FILE *file = open_server_file("status");
    if (!file)
        return 0;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    fclose(file);
    return kb;
}
