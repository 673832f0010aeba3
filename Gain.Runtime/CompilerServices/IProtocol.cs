using System.ComponentModel;
using Gain.Rings;
using Gain.Uring;
using Gain.Workers;

namespace Gain.CompilerServices;

/// <summary>
/// What the generator implements on a <see cref="GainProtocolAttribute"/> struct: the completion switch and
/// one adapter per callback. All members are static, so that a worker reaches them, and through them the
/// callbacks, by direct calls. Not meant to be implemented by hand.
/// </summary>
/// <typeparam name="TSelf">The protocol itself.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IProtocol<TSelf> : IProtocolParts<TSelf>
    where TSelf : struct, IProtocol<TSelf>
{
    /// <summary>The callbacks that the struct declares. Constant: what is absent costs nothing.</summary>
    static abstract Callbacks Declared { get; }

    /// <summary>Hands one completion to the worker's code for its operation.</summary>
    /// <typeparam name="TWorker">The kind of worker, for which the switch is compiled.</typeparam>
    /// <param name="worker">The worker that took the completion from its ring.</param>
    /// <param name="completion">The completion.</param>
    static abstract void Complete<TWorker>(TWorker worker, CompletionEntry completion)
        where TWorker : struct, IWorker;

    /// <summary>Names the <see cref="PerWorkerAttribute"/> types that callbacks take, each once.</summary>
    static abstract void CreatePerWorker(PerWorkerBuilder builder);

    /// <summary>Calls <c>OnStart</c> on the prototype.</summary>
    /// <param name="prototype">The instance that handlers are copies of.</param>
    /// <param name="server">The <c>GainServer</c>, which is above everything that this interface is part
    /// of.</param>
    static abstract void Start(ref TSelf prototype, object server);

    /// <summary>Calls <c>OnAccept</c>.</summary>
    static abstract void Accept(ref TSelf handler, Connection connection);

    /// <summary>Calls <c>OnConnect</c>.</summary>
    static virtual void Connect(ref TSelf handler, Connection connection)
    {
    }

    /// <summary>Calls <c>OnConnectFailed</c>.</summary>
    static virtual void ConnectFailed(ref TSelf handler, Connection connection, ConnectFailure failure)
    {
    }

    /// <summary>Calls <c>OnRead</c>, or parses and calls <c>OnFrame</c> for each whole frame.</summary>
    /// <returns>
    /// The bytes of <paramref name="data"/> that are done with; the worker keeps the rest.
    /// Negative: the framing was violated, and <c>Framing.Reject</c> has recorded how.
    /// </returns>
    static abstract int Read(ref TSelf handler, Connection connection, ReadOnlySpan<byte> data);

    /// <summary>Calls <c>OnWrite</c>.</summary>
    static abstract void Write(ref TSelf handler, Connection connection, int bytes);

    /// <summary>Calls <c>OnDrained</c>.</summary>
    static abstract void Drained(ref TSelf handler, Connection connection);

    /// <summary>Calls <c>OnReadClosed</c>.</summary>
    static abstract void ReadClosed(ref TSelf handler, Connection connection);

    /// <summary>Calls <c>OnTimer</c>.</summary>
    static abstract void Timer(ref TSelf handler, Connection connection);

    /// <summary>Calls <c>OnStopping</c>.</summary>
    static virtual void Stopping(ref TSelf handler, Connection connection)
    {
    }

    /// <summary>Names the type that <c>OnMessage</c> takes, if there is one.</summary>
    static virtual void CreateMailbox(MailboxBuilder builder)
    {
    }

    /// <summary>Calls <c>OnMessage</c>.</summary>
    static virtual void Message(ref TSelf handler, Connection connection, PostedMessage message)
    {
    }

    /// <summary>Calls <c>OnDatagram</c>.</summary>
    static virtual void Datagram(ref TSelf handler, Datagram datagram, ReadOnlySpan<byte> data)
    {
    }

    /// <summary>Calls <c>OnDatagramClosed</c>.</summary>
    static virtual void DatagramClosed(ref TSelf handler, DatagramEnd end)
    {
    }

    /// <summary>Calls <c>OnProtocolError</c>.</summary>
    static abstract void ProtocolError(ref TSelf handler, Connection connection, ProtocolError error);

    /// <summary>Calls <c>OnClose</c>.</summary>
    static abstract void Close(ref TSelf handler, Connection connection, CloseReason reason);
}
