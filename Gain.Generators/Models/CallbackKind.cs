namespace Gain.Generators.Models;

/// <summary>
/// The callbacks. A member <c>X</c> stands for the method <c>OnX</c>, the adapter <c>IProtocol.X</c> and
/// the flag <c>Callbacks.X</c>. Only a frame has no adapter of its own, being parsed by <c>Read</c>, nor has
/// a session, which the adapters of the callbacks that it awaits go on with.
/// </summary>
internal enum CallbackKind
{
    Start,
    Accept,
    Connect,
    ConnectFailed,
    Read,
    Frame,
    Write,
    Drained,
    ReadClosed,
    Timer,
    Stopping,
    Message,
    Datagram,
    DatagramClosed,
    ProtocolError,
    Close,
    Session,
}
