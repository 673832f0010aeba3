using System.Buffers.Binary;
using Gain.Slots;

namespace Gain;

/// <summary>
/// An answer that is due: from <see cref="Connection.Hold"/> on, the peer's FIN, <c>Close</c> and a stop of
/// the server wait for it. <see cref="TryAnswer(ReadOnlySpan{byte})"/> sends the answer and releases the
/// connection; <see cref="Release"/> releases it without an answer.
/// </summary>
/// <remarks>
/// The value has two words, and can be kept anywhere and for any time. Copies name the same answer, which is
/// released once. An answer that nobody releases is released after <c>GainOptions.Timeouts.Hold</c>, counted
/// in <c>GainStatistics.ExpiredHolds</c> and logged. A reset or a limit can end the connection before that:
/// then calls on the value do nothing.
/// </remarks>
public readonly struct ConnectionHold : IEquatable<ConnectionHold>
{
    private readonly HoldTable? _table;
    private readonly int _index;
    private readonly uint _ticket;

    internal ConnectionHold(HoldTable table, int index, uint ticket, ConnectionHandle handle)
    {
        _table = table;
        _index = index;
        _ticket = ticket;
        Handle = handle;
    }

    /// <summary>The connection, to send something in front of the answer, or to post messages.</summary>
    public ConnectionHandle Handle { get; }

    /// <summary>Whether the answer is still due. Any thread.</summary>
    [AllocationFree]
    public bool IsDue => _table is not null && _table.IsHeld(_index, _ticket);

    /// <summary>Sends the answer, as <see cref="ConnectionHandle.TrySend(ReadOnlySpan{byte})"/>, and
    /// releases the hold behind it. Any thread.</summary>
    /// <param name="answer">The bytes, copied; an empty answer is allowed.</param>
    /// <returns>
    /// Whether it was posted: false when the worker's mailbox or the memory for posted bytes is full. The
    /// hold stays then: try again later.
    /// </returns>
    [AllocationFree]
    public bool TryAnswer(ReadOnlySpan<byte> answer) => TryAnswer(answer, out _);

    /// <summary>Like the other overload, but says why the answer was not posted.</summary>
    /// <param name="answer">The bytes, copied; an empty answer is allowed.</param>
    /// <param name="failure">Why not; <see cref="PostFailure.None"/> when it was.</param>
    /// <returns>Whether it was posted.</returns>
    [AllocationFree]
    public bool TryAnswer(ReadOnlySpan<byte> answer, out PostFailure failure)
    {
        if (_table is null)
        {
            failure = PostFailure.NoConnection;
            return false;
        }

        if (Handle.TryWriteHere(answer, out failure))
        {
            Release();
            return true;
        }

        Span<byte> head = stackalloc byte[HoldTable.HeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, _index);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(uint)..], _ticket);
        return Handle.TryPostAnswer(head, answer, out failure);
    }

    /// <summary>
    /// Lets the connection go without an answer, or behind what was sent by its <see cref="Handle"/> before.
    /// Any thread. It cannot fail, and a second call does nothing.
    /// </summary>
    [AllocationFree]
    public void Release() => _table?.Release(_index, _ticket);

    /// <inheritdoc/>
    [AllocationFree]
    public bool Equals(ConnectionHold other) =>
        ReferenceEquals(_table, other._table) && _index == other._index && _ticket == other._ticket;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConnectionHold other && Equals(other);

    /// <inheritdoc/>
    [AllocationFree]
    public override int GetHashCode() => HashCode.Combine(_index, _ticket);

    /// <summary>Whether both are the same answer.</summary>
    [AllocationFree]
    public static bool operator ==(ConnectionHold left, ConnectionHold right) => left.Equals(right);

    /// <summary>Whether the two are different answers.</summary>
    [AllocationFree]
    public static bool operator !=(ConnectionHold left, ConnectionHold right) => !left.Equals(right);
}
