namespace Gain.Slots;

/// <summary>Who waits for a connection that is dialled, and is told once. The worker's thread.</summary>
internal abstract class DialWaiter
{
    /// <summary>Whether it waits no longer: the connection is given up.</summary>
    public abstract bool IsCancelled { get; }

    /// <summary>The connection is up.</summary>
    /// <returns>False when it waits no longer: nobody has the connection.</returns>
    public abstract bool Complete();

    /// <summary>It did not come up.</summary>
    public abstract void Fail(ConnectFailure failure);
}
