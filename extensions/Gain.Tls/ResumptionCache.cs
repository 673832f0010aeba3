using Gain.Tls.OpenSsl;

namespace Gain.Tls;

/// <summary>
/// The tickets that servers gave to the clients of one worker, on its thread. A ticket of TLS 1.3 is used
/// once, so that nobody on the way can tell that two connections are of one client; one of TLS 1.2 is used
/// until another comes.
/// </summary>
/// <param name="capacity">How many are kept at most.</param>
/// <param name="lifetime">For how long, at most.</param>
internal sealed class ResumptionCache(int capacity, TimeSpan lifetime) : IDisposable
{
    /// <summary>How many are kept of one server: for as many dials at once.</summary>
    internal const int MaxPerTarget = 4;

    private readonly long _lifetimeMs = (long)Math.Ceiling(lifetime.TotalMilliseconds);

    // A search looks at each: with what a handshake costs, that is nothing. Made by the first ticket.
    private ResumptionEntry[] _entries = [];
    private long _lastNumber;

    /// <summary>How many are kept.</summary>
    internal int Count => _entries.Count(entry => entry.Session != 0);

    /// <summary>Keeps a ticket; the oldest goes where there is no room.</summary>
    /// <param name="target">Whose it is.</param>
    /// <param name="session">The SSL_SESSION.</param>
    /// <param name="nowMs">The time, as <see cref="Environment.TickCount64"/> has it.</param>
    /// <returns>Whether it is kept: the reference is the cache's then.</returns>
    internal bool TryKeep(in ResumptionTarget target, nint session, long nowMs)
    {
        bool isSingleUse = IsSingleUse(session);
        long hintMs = 1_000 * (long)LibSsl.SSL_SESSION_get_ticket_lifetime_hint(session);

        // In TLS 1.2 a lifetime of 0 is none that was said; in TLS 1.3 it says that the ticket is of no use.
        long lifetimeMs = hintMs == 0 && !isSingleUse ? _lifetimeMs : Math.Min(hintMs, _lifetimeMs);
        if (lifetimeMs == 0 || LibSsl.SSL_SESSION_is_resumable(session) != 1)
        {
            return false;
        }

        if (_entries.Length == 0)
        {
            _entries = new ResumptionEntry[capacity];
        }

        int place = PlaceFor(target, isSingleUse ? MaxPerTarget : 1);
        Free(place);
        _entries[place] = new ResumptionEntry(target, session, ++_lastNumber, nowMs + lifetimeMs);
        return true;
    }

    /// <summary>Has an SSL offer the newest ticket of a server, if there is one.</summary>
    /// <param name="target">The server.</param>
    /// <param name="ssl">The SSL, before its handshake.</param>
    /// <param name="nowMs">The time, as <see cref="Environment.TickCount64"/> has it.</param>
    /// <returns>Whether there is one; the server may refuse it, for a handshake in full.</returns>
    // SAFETY: the SSL takes a reference of its own.
    internal bool TryOffer(in ResumptionTarget target, nint ssl, long nowMs)
    {
        int newest = -1;
        for (int i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].Session == 0 || _entries[i].Target != target)
            {
                continue;
            }

            // OpenSSL marks those whose connection has failed.
            if (_entries[i].ExpiresMs <= nowMs || LibSsl.SSL_SESSION_is_resumable(_entries[i].Session) != 1)
            {
                Free(i);
            }
            else if (newest < 0 || _entries[i].Number > _entries[newest].Number)
            {
                newest = i;
            }
        }

        if (newest < 0)
        {
            return false;
        }

        bool isOffered = LibSsl.SSL_set_session(ssl, _entries[newest].Session) == 1;
        if (IsSingleUse(_entries[newest].Session))
        {
            Free(newest);
        }

        return isOffered;
    }

    /// <summary>Drops them all.</summary>
    public void Dispose()
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            Free(i);
        }
    }

    // The oldest of the same server where it has as many as it may; a free one; the oldest of all.
    private int PlaceFor(in ResumptionTarget target, int most)
    {
        int oldest = 0;
        int oldestOfTarget = -1;
        int ofTarget = 0;
        for (int i = 0; i < _entries.Length; i++)
        {
            // A free one has the number 0.
            oldest = _entries[i].Number < _entries[oldest].Number ? i : oldest;
            if (_entries[i].Session != 0 && _entries[i].Target == target)
            {
                ofTarget++;
                oldestOfTarget = oldestOfTarget < 0 || _entries[i].Number < _entries[oldestOfTarget].Number
                    ? i : oldestOfTarget;
            }
        }

        return ofTarget >= most ? oldestOfTarget : oldest;
    }

    // SAFETY: the entry's reference is freed once.
    private void Free(int place)
    {
        nint session = _entries[place].Session;
        _entries[place] = default;
        if (session != 0)
        {
            LibSsl.SSL_SESSION_free(session);
        }
    }

    private static bool IsSingleUse(nint session) =>
        LibSsl.SSL_SESSION_get_protocol_version(session) >= Ssl.TLS1_3_VERSION;
}
