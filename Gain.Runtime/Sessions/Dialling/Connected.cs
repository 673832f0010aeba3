namespace Gain;

/// <summary>What has come of a connection that a session has dialled: its handle, or why there is none.
/// </summary>
public readonly struct Connected
{
    private readonly ConnectionHandle _handle;

    internal Connected(ConnectionHandle handle)
    {
        _handle = handle;
        Failure = default;
    }

    internal Connected(ConnectFailure failure)
    {
        _handle = default;
        Failure = failure;
    }

    /// <summary>Whether the connection came up. It may have ended since.</summary>
    [AllocationFree]
    public bool IsUp => _handle != default;

    /// <summary>Why it did not come up; the default value where it did.</summary>
    [AllocationFree]
    public ConnectFailure Failure { get; }

    /// <summary>The connection's handle.</summary>
    /// <exception cref="InvalidOperationException">It did not come up: <see cref="TryGet"/> tells it.
    /// </exception>
    [AllocationFree]
    public ConnectionHandle Handle => IsUp ? _handle : throw new InvalidOperationException(
        $"The connection did not come up: {Failure}. Ask IsUp, or use TryGet.");

    /// <summary>The connection's handle, if it came up.</summary>
    /// <param name="handle">
    /// The handle, of a connection of the same worker: <see cref="Connection.TryBorrow"/> and
    /// <see cref="Connection.TryCouple"/> take it. The default value where it did not come up.
    /// </param>
    /// <returns>Whether it came up.</returns>
    [AllocationFree]
    public bool TryGet(out ConnectionHandle handle)
    {
        handle = _handle;
        return IsUp;
    }
}
