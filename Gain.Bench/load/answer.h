// What the floor makes of received bytes: the part that the uring and the epoll loop share.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

// The backend of relays echoes messages that are longer.
#ifndef OUTPUT_LIMIT
#define OUTPUT_LIMIT 65536
#endif

enum
{
    OUTPUT_BYTES = OUTPUT_LIMIT, // a closed loop never has more in flight; see put
    WORD = 64,            // bytes looked at together; a look may go that far past the end of a read
};

enum handler { HANDLER_HTTP, HANDLER_ECHO, HANDLER_SINK };

// A connection, indexed by its descriptor.
struct connection
{
    char *output;         // kept for the next connection with the same descriptor
    int length;           // bytes in output; not 0 means that a send is due or in flight
    bool ended;           // the peer has closed: close when output is empty
    uint8_t line_feeds;   // whether the last two bytes were line feeds; the later one is bit 1
};

static enum handler handler;
static char response[256];
static int response_length;
static time_t response_second;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

// The Date header has a resolution of a second: the response is made anew when that has passed.
static void renew_response(void)
{
    time_t now = time(NULL);
    if (now == response_second)
        return;
    response_second = now;
    char date[64];
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime(&now));
    response_length = snprintf(response, sizeof response,
        "HTTP/1.1 200 OK\r\nServer: bare\r\nContent-Type: text/plain\r\nDate: %s\r\n"
        "Content-Length: 13\r\n\r\nHello, World!", date);
}

// Appends to the output. More than fits is beyond what this program is for, and it says so by
// ending: a generator then sees errors, not figures.
static inline void put(struct connection *c, const char *data, int length)
{
    if (length > OUTPUT_BYTES - c->length)
    {
        fprintf(stderr, "floor: a connection has more than %d bytes to send\n", OUTPUT_BYTES);
        exit(1);
    }
    memcpy(c->output + c->length, data, length);
    c->length += length;
}

// The front of the output was sent.
static inline void drop_sent(struct connection *c, int sent)
{
    c->length -= sent;
    if (c->length)
        memmove(c->output, c->output + sent, c->length);
}

// Bit i is set when byte i is a line feed.
static inline uint64_t line_feeds_in(const char *at)
{
#if defined __AVX512BW__
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(at), _mm512_set1_epi8('\n'));
#elif defined __SSE2__
    const __m128i line_feed = _mm_set1_epi8('\n');
    uint64_t bits = 0;
    for (int i = 0; i < WORD; i += 16)
    {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(at + i));
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, line_feed)) << i;
    }
    return bits;
#else
    uint64_t bits = 0;
    for (int i = 0; i < WORD; i++)
        bits |= (uint64_t)(at[i] == '\n') << i;
    return bits;
#endif
}

// A request's head ends at a blank line, and in a head that is where two line feeds are two places
// apart: one byte lies between them, and a header has at least two. The last two bits of one word
// go before the first of the next, and so across reads.
static void answer_requests(struct connection *c, const char *data, int length)
{
    uint64_t before = c->line_feeds;
    for (int at = 0; at < length; at += WORD)
    {
        int rest = length - at;
        uint64_t bits = line_feeds_in(data + at);
        if (rest < WORD)
            bits &= (1ull << rest) - 1;
        for (uint64_t ends = bits & (bits << 2 | before); ends; ends &= ends - 1)
            put(c, response, response_length);
        if (rest == 1)
            before = bits << 1 | before >> 1;
        else
            before = bits >> ((rest < WORD ? rest : WORD) - 2) & 3;
    }
    c->line_feeds = before;
}

// Turns received bytes into output.
static inline void answer(struct connection *c, const char *data, int length)
{
    if (handler == HANDLER_SINK)
        return;
    if (!c->output && !(c->output = malloc(OUTPUT_BYTES)))
        die("malloc");
    if (handler == HANDLER_ECHO)
        put(c, data, length);
    else
        answer_requests(c, data, length);
}
