namespace Gain.Uring;

/// <summary>A piece of control data that came with a message (cmsg(3)).</summary>
/// <param name="level">The protocol that it belongs to, such as SOL_SOCKET (1).</param>
/// <param name="type">Its kind, such as SCM_RIGHTS (1).</param>
/// <param name="data">What it holds; valid as long as the buffer that it is in.</param>
public readonly ref struct ControlMessage(int level, int type, ReadOnlySpan<byte> data)
{
    private const int HeaderBytes = 16;

    /// <summary>The protocol that it belongs to, such as SOL_SOCKET (1).</summary>
    public int Level { get; } = level;

    /// <summary>Its kind, such as SCM_RIGHTS (1).</summary>
    public int Type { get; } = type;

    /// <summary>What it holds; valid as long as the buffer that it is in.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>
    /// Reads the first of the pieces of control data, for io_uring_recvmsg_cmsg_firsthdr and _nexthdr.
    /// </summary>
    /// <param name="control">The pieces; on return, the pieces behind the first one.</param>
    /// <param name="message">The first piece.</param>
    /// <returns>False when there is no whole piece.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> control, out ControlMessage message)
    {
        message = default;
        if (control.Length < HeaderBytes)
        {
            return false;
        }

        ulong length = BitConverter.ToUInt64(control);
        if (length < HeaderBytes || length > (ulong)control.Length)
        {
            return false;
        }

        int whole = (int)length;
        message = new ControlMessage(
            BitConverter.ToInt32(control[8..]), BitConverter.ToInt32(control[12..]),
            control[HeaderBytes..whole]);

        // Each starts at a multiple of the word's size.
        control = control[Math.Min((whole + 7) & ~7, control.Length)..];
        return true;
    }
}
