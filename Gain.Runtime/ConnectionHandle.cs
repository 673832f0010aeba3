using Gain.Connections;

namespace Gain;

/// <summary>
/// Names a connection from anywhere and for any time: worker, slot and generation. When the connection is
/// gone, what is asked of the handle does nothing, also after another connection took its slot.
/// </summary>
public readonly struct ConnectionHandle : IEquatable<ConnectionHandle>
{
    private readonly Mailbox? _mailbox;
    private readonly int _slot;
    private readonly uint _generation;

    internal ConnectionHandle(Mailbox mailbox, int slot, uint generation)
    {
        _mailbox = mailbox;
        _slot = slot;
        _generation = generation;
    }

    /// <summary>Asks for <see cref="Connection.Close"/>. Any thread.</summary>
    /// <returns>
    /// Whether the request was posted: false when the worker's mailbox is full (try again later), or when
    /// the handle is the default value. A connection that is gone is no failure.
    /// </returns>
    [AllocationFree]
    public bool Close() => _mailbox?.TryPost(new Mail(MailKind.Close, _slot, _generation)) ?? false;

    /// <summary>Asks for <see cref="Connection.Abort"/>. Any thread.</summary>
    /// <returns>As <see cref="Close"/>.</returns>
    [AllocationFree]
    public bool Abort() => _mailbox?.TryPost(new Mail(MailKind.Abort, _slot, _generation)) ?? false;

    /// <inheritdoc/>
    [AllocationFree]
    public bool Equals(ConnectionHandle other) =>
        ReferenceEquals(_mailbox, other._mailbox) && _slot == other._slot && _generation == other._generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConnectionHandle other && Equals(other);

    /// <inheritdoc/>
    [AllocationFree]
    public override int GetHashCode() => HashCode.Combine(_slot, _generation);

    /// <summary>Whether both name the same connection.</summary>
    [AllocationFree]
    public static bool operator ==(ConnectionHandle left, ConnectionHandle right) => left.Equals(right);

    /// <summary>Whether the two name different connections.</summary>
    [AllocationFree]
    public static bool operator !=(ConnectionHandle left, ConnectionHandle right) => !left.Equals(right);
}
