using System.ComponentModel;
using Gain.Uring;

namespace Gain.CompilerServices;

/// <summary>
/// A worker as the generated switch sees it: the code for each operation. A switch takes it as a struct, so
/// that every call is direct.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IWorker
{
    /// <summary>Handles a receive: its bytes are delivered to the connection's handler.</summary>
    /// <param name="completion">The completion of a connection's receive.</param>
    void HandleReceive(CompletionEntry completion);

    /// <summary>Handles the end of a connection's send.</summary>
    /// <param name="completion">The completion of a connection's send.</param>
    void HandleSend(CompletionEntry completion);

    /// <summary>Handles an accepted connection, or an accept that failed.</summary>
    /// <param name="completion">The completion of a listener's accept.</param>
    void HandleAccept(CompletionEntry completion);

    /// <summary>Handles a datagram that has arrived, or a receive that failed.</summary>
    /// <param name="completion">The completion of a datagram socket's receive.</param>
    void HandleDatagram(CompletionEntry completion);

    /// <summary>Handles the engine's own operations: what no callback of the protocol belongs to.</summary>
    /// <param name="completion">The completion.</param>
    void HandleOther(CompletionEntry completion);
}
