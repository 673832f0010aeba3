// The load generators' command line.
#pragma once
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "gauges.h"

static enum { ECHO, HTTP, IDLE, CHURN, RESP } mode;
static const char *const mode_names[] = { "echo", "http", "idle", "churn", "resp" };
static int port, connection_count = 64, pipeline = 1, size = 64;
static double seconds = 3, warm_up = 1, rate;
static const char *record_path;

// Whether the command line was understood.
static bool read_options(int argc, char **argv)
{
    int chosen = -1;
    for (int i = 0; argc >= 3 && i < 5; i++)
        if (!strcmp(argv[1], mode_names[i]))
            chosen = i;
    if (chosen < 0 || (port = atoi(argv[2])) <= 0)
        return false;
    mode = chosen;
    optind = 3;
    for (int option; (option = getopt(argc, argv, "c:p:s:d:w:P:r:o:")) != -1;)
        switch (option)
        {
            case 'c': connection_count = atoi(optarg); break;
            case 'p': pipeline = atoi(optarg); break;
            case 's': size = atoi(optarg); break;
            case 'd': seconds = atof(optarg); break;
            case 'w': warm_up = atof(optarg); break;
            case 'r': rate = atof(optarg); break;
            case 'o': record_path = optarg; break;
            case 'P': server_pid = atoi(optarg); break;
            default: return false;
        }
    return optind == argc && connection_count > 0 && pipeline > 0 && size > 0;
}

// Lets the process open so many files, if it may. Where it may not, dial fails, and that is counted.
static void raise_file_limit(rlim_t needed)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    if (files.rlim_max < needed)
        files = (struct rlimit){ needed, needed };
    setrlimit(RLIMIT_NOFILE, &files);
}
