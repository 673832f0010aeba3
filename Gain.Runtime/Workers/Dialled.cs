using Gain.Sockets;

namespace Gain.Workers;

/// <summary>What a worker knows of a dial that is not over, by slot.</summary>
internal struct Dialled
{
    /// <summary>Where to.</summary>
    public RemoteEnd Target;

    /// <summary>Who waits for it on another thread; null for nobody.</summary>
    public DialRequest? Request;

    /// <summary>Why there is no socket to connect with; 0 if there is one.</summary>
    public int Errno;

    /// <summary>The connect is in flight.</summary>
    public bool IsArmed;

    /// <summary>Its time is over.</summary>
    public bool HasExpired;
}
