using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// A message that <see cref="SubmissionEntry.PrepRecvMsgMultishot(int, MessageHeader*, int)"/> left in a
/// buffer: a head of 16 bytes, then the address, the control data and the payload, the first two at the
/// sizes that were asked for.
/// </summary>
/// <remarks>All spans are valid as long as the buffer is the caller's.</remarks>
public readonly ref struct ReceivedMessage
{
    private const int Truncated = 0x20;

    private readonly ReadOnlySpan<byte> _buffer;
    private readonly int _nameBytes;
    private readonly int _controlBytes;
    private readonly io_uring_recvmsg_out _head;

    private ReceivedMessage(
        ReadOnlySpan<byte> buffer, int nameBytes, int controlBytes, io_uring_recvmsg_out head)
    {
        _buffer = buffer;
        _nameBytes = nameBytes;
        _controlBytes = controlBytes;
        _head = head;
    }

    private static unsafe int HeadBytes => sizeof(io_uring_recvmsg_out);

    /// <summary>The sender's address, a <c>sockaddr</c>; can be empty.</summary>
    public ReadOnlySpan<byte> Name =>
        _buffer.Slice(HeadBytes, (int)Math.Min(_head.namelen, (uint)_nameBytes));

    /// <summary>The control data, for <see cref="ControlMessage.TryRead"/>.</summary>
    public ReadOnlySpan<byte> Control =>
        _buffer.Slice(HeadBytes + _nameBytes, (int)Math.Min(_head.controllen, (uint)_controlBytes));

    /// <summary>The received bytes that fitted into the buffer.</summary>
    public ReadOnlySpan<byte> Payload => _buffer[(HeadBytes + _nameBytes + _controlBytes)..];

    /// <summary>
    /// The size of the message in bytes; with MSG_TRUNC asked for, it can be more than what fitted.
    /// </summary>
    public uint PayloadBytes => _head.payloadlen;

    /// <summary>MSG_* flags of what was received.</summary>
    public int Flags => (int)_head.flags;

    /// <summary>Whether the payload did not fit.</summary>
    public bool IsTruncated => (Flags & Truncated) != 0;

    /// <summary>Reads a buffer. See io_uring_recvmsg_validate(3).</summary>
    /// <param name="buffer">The buffer, as long as the completion's result says.</param>
    /// <param name="nameBytes">The room that was asked for the address, in bytes.</param>
    /// <param name="controlBytes">The room that was asked for the control data, in bytes.</param>
    /// <param name="message">The message.</param>
    /// <returns>False when the buffer is too short to hold a message with such room.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static bool TryRead(
        ReadOnlySpan<byte> buffer, int nameBytes, int controlBytes, out ReceivedMessage message)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nameBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(controlBytes);
        message = default;
        if (buffer.Length - HeadBytes < (long)nameBytes + controlBytes)
        {
            return false;
        }

        io_uring_recvmsg_out head = MemoryMarshal.Read<io_uring_recvmsg_out>(buffer);
        message = new ReceivedMessage(buffer, nameBytes, controlBytes, head);
        return true;
    }
}
