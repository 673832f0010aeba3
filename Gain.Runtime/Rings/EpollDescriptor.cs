using System.Runtime.InteropServices;

namespace Gain.Rings;

/// <summary>The state of one descriptor of an epoll ring: one cache line.</summary>
/// <remarks>Zeroed memory is a descriptor that the ring does not know yet.</remarks>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct EpollDescriptor
{
    public EpollFlags Flags;

    /// <summary>Grows when the descriptor closes; events carry it: late ones are told apart.</summary>
    public uint Generation;

    /// <summary>The user_data of the armed receive or accept.</summary>
    public ulong ReadToken;

    /// <summary>The user_data of the send that waits for room, or of the connect.</summary>
    public ulong SendToken;

    /// <summary>The rest of the send, unless it is <see cref="EpollFlags.Gathered"/>.</summary>
    // SAFETY: the sender's memory, lent until the completion of the send.
    public byte* SendRest;

    /// <summary>The bytes that are left of the send.</summary>
    public int SendLeft;

    /// <summary>The bytes of the send that went out.</summary>
    public int SendDone;

    /// <summary>The next descriptor in the list of those to look at.</summary>
    public int NextListed;

    /// <summary>The next operation with the same hash as the receive or accept.</summary>
    public int NextRead;

    /// <summary>The next operation with the same hash as the send.</summary>
    public int NextSend;

    /// <summary>The user_data of the wait for the socket's end.</summary>
    public ulong HangUpToken;
}
