using System.ComponentModel;
using Microsoft.Extensions.Logging;

namespace Gain.Layers;

/// <summary>
/// What lies between the sockets of a listener, or of what is dialled, and its protocol, and changes the
/// bytes of both directions, as TLS does. For packages that bring one; a server uses theirs.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ConnectionLayer
{
    /// <summary>What messages call it.</summary>
    public abstract string Name { get; }

    /// <summary>How long the set-up of a connection may take, from its accept, or from the end of its
    /// connect, on; above 0.</summary>
    public abstract TimeSpan SetupTimeout { get; }

    /// <summary>How many steps of set-ups a worker takes in one turn of its loop; above 0.</summary>
    public abstract int MaxSetupStepsPerTurn { get; }

    /// <summary>How many connections of a worker that came in may be in their set-up at once; above
    /// 0.</summary>
    public abstract int MaxSetups { get; }

    /// <summary>
    /// Whether connections begin without it, at addresses that are not tls://, until their handler asks for
    /// it. Those that are dialled may ask in any case, where they began without.
    /// </summary>
    public virtual bool StartsOnRequest => false;

    /// <summary>Opens it for one worker, whose thread alone uses what it returns.</summary>
    /// <param name="resume">
    /// Goes on with the connection of a tag that was <see cref="LayerStatus.Suspended"/>. Any thread.
    /// </param>
    /// <param name="logger">The server's.</param>
    public abstract WorkerLayer Open(Action<long> resume, ILogger logger);
}
