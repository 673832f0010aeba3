using System.ComponentModel;
using System.Runtime.CompilerServices;
using Gain.Rings;
using Gain.Uring;
using Gain.Workers;

namespace Gain.CompilerServices;

/// <summary>
/// Two protocols in one server: each connection's handler is of one of them, and knows of which. Either may
/// be a pair itself, so that there can be any number. Made by <see cref="GainServerBuilder{TProtocol}"/>, so
/// that the calls are still direct ones.
/// </summary>
/// <remarks>
/// It has room for a handler of each, as references and other data cannot share memory: a server with several
/// protocols keeps the sum of their sizes for each connection.
/// </remarks>
/// <typeparam name="TFirst">The protocol that was there before.</typeparam>
/// <typeparam name="TSecond">The one that was added.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct ProtocolPair<TFirst, TSecond> : IProtocol<ProtocolPair<TFirst, TSecond>>
    where TFirst : struct, IProtocol<TFirst>
    where TSecond : struct, IProtocol<TSecond>
{
    private TFirst _first;
    private TSecond _second;
    private bool _isSecond;

    internal static ProtocolPair<TFirst, TSecond> OfFirst(TFirst prototype) => new() { _first = prototype };

    internal static ProtocolPair<TFirst, TSecond> OfSecond(TSecond prototype) =>
        new() { _second = prototype, _isSecond = true };

    static string IProtocolParts<ProtocolPair<TFirst, TSecond>>.DisplayName =>
        $"{TFirst.DisplayName} or {TSecond.DisplayName}";

    static int IProtocolParts<ProtocolPair<TFirst, TSecond>>.Parts => TFirst.Parts + TSecond.Parts;

    static Callbacks IProtocolParts<ProtocolPair<TFirst, TSecond>>.Common => TFirst.Common & TSecond.Common;

    static Callbacks IProtocol<ProtocolPair<TFirst, TSecond>>.Declared =>
        TFirst.Declared | TSecond.Declared;

    static string IProtocolParts<ProtocolPair<TFirst, TSecond>>.NameOf(
        ref ProtocolPair<TFirst, TSecond> handler) => handler._isSecond
            ? TSecond.NameOf(ref handler._second)
            : TFirst.NameOf(ref handler._first);

    static int IProtocolParts<ProtocolPair<TFirst, TSecond>>.Contract =>
        Math.Min(TFirst.Contract, TSecond.Contract);

    static int IProtocolParts<ProtocolPair<TFirst, TSecond>>.ContractOf(
        ref ProtocolPair<TFirst, TSecond> handler) => handler._isSecond
            ? TSecond.ContractOf(ref handler._second)
            : TFirst.ContractOf(ref handler._first);

    static int IProtocolParts<ProtocolPair<TFirst, TSecond>>.PartOf(
        ref ProtocolPair<TFirst, TSecond> handler) => handler._isSecond
            ? TFirst.Parts + TSecond.PartOf(ref handler._second)
            : TFirst.PartOf(ref handler._first);

    static Callbacks IProtocolParts<ProtocolPair<TFirst, TSecond>>.DeclaredBy(
        ref ProtocolPair<TFirst, TSecond> handler) => handler._isSecond
            ? TSecond.DeclaredBy(ref handler._second)
            : TFirst.DeclaredBy(ref handler._first);

    static ref byte IProtocolParts<ProtocolPair<TFirst, TSecond>>.Locate(
        ref ProtocolPair<TFirst, TSecond> handler, Type type) => ref handler._isSecond
            ? ref TSecond.Locate(ref handler._second, type)
            : ref TFirst.Locate(ref handler._first, type);

    static bool IProtocolParts<ProtocolPair<TFirst, TSecond>>.TryWrap<THandler>(
        in THandler handler, int part, out ProtocolPair<TFirst, TSecond> made)
    {
        if (part < TFirst.Parts)
        {
            bool isFirst = TFirst.TryWrap(in handler, part, out TFirst first);
            made = OfFirst(first);
            return isFirst;
        }

        bool isSecond = TSecond.TryWrap(in handler, part - TFirst.Parts, out TSecond second);
        made = OfSecond(second);
        return isSecond;
    }

    // What a part does not declare, its adapter does not do: the cases are those of any protocol.
    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Complete<TWorker>(
        TWorker worker, CompletionEntry completion)
    {
        switch (Token.OperationOf(completion))
        {
            case Operation.Receive:
                worker.HandleReceive(completion);
                break;

            case Operation.Send:
                worker.HandleSend(completion);
                break;

            case Operation.Accept:
                worker.HandleAccept(completion);
                break;

            case Operation.Datagram:
                worker.HandleDatagram(completion);
                break;

            default:
                worker.HandleOther(completion);
                break;
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.CreatePerWorker(PerWorkerBuilder builder)
    {
        TFirst.CreatePerWorker(builder);
        builder.BeginPart();
        TSecond.CreatePerWorker(builder);
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.CreateMailbox(MailboxBuilder builder)
    {
        TFirst.CreateMailbox(builder);
        builder.BeginPart();
        TSecond.CreateMailbox(builder);
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Start(
        ref ProtocolPair<TFirst, TSecond> prototype, object server)
    {
        if (prototype._isSecond)
        {
            TSecond.Start(ref prototype._second, server);
        }
        else
        {
            TFirst.Start(ref prototype._first, server);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Accept(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.Accept(ref handler._second, connection);
        }
        else
        {
            TFirst.Accept(ref handler._first, connection);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Connect(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.Connect(ref handler._second, connection);
        }
        else
        {
            TFirst.Connect(ref handler._first, connection);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.ConnectFailed(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection, ConnectFailure failure)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.ConnectFailed(ref handler._second, connection, failure);
        }
        else
        {
            TFirst.ConnectFailed(ref handler._first, connection, failure);
        }
    }

    static int IProtocol<ProtocolPair<TFirst, TSecond>>.Read(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection, ReadOnlySpan<byte> data) =>
        handler.EntersSecond(connection)
            ? TSecond.Read(ref handler._second, connection, data)
            : TFirst.Read(ref handler._first, connection, data);

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Write(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection, int bytes)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.Write(ref handler._second, connection, bytes);
        }
        else
        {
            TFirst.Write(ref handler._first, connection, bytes);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Drained(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.Drained(ref handler._second, connection);
        }
        else
        {
            TFirst.Drained(ref handler._first, connection);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.ReadClosed(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.ReadClosed(ref handler._second, connection);
        }
        else
        {
            TFirst.ReadClosed(ref handler._first, connection);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Timer(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.Timer(ref handler._second, connection);
        }
        else
        {
            TFirst.Timer(ref handler._first, connection);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Message(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection, PostedMessage message)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.Message(ref handler._second, connection, message);
        }
        else
        {
            TFirst.Message(ref handler._first, connection, message);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Datagram(
        ref ProtocolPair<TFirst, TSecond> handler, Datagram datagram, ReadOnlySpan<byte> data)
    {
        if (handler._isSecond)
        {
            if (TSecond.Parts == 1)
            {
                datagram.Enter((TSecond.Declared & Callbacks.Timer) != 0);
            }

            TSecond.Datagram(ref handler._second, datagram, data);
        }
        else
        {
            if (TFirst.Parts == 1)
            {
                datagram.Enter((TFirst.Declared & Callbacks.Timer) != 0);
            }

            TFirst.Datagram(ref handler._first, datagram, data);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.DatagramClosed(
        ref ProtocolPair<TFirst, TSecond> handler, DatagramEnd end)
    {
        if (handler._isSecond)
        {
            if (TSecond.Parts == 1)
            {
                end.Enter((TSecond.Declared & Callbacks.Timer) != 0);
            }

            TSecond.DatagramClosed(ref handler._second, end);
        }
        else
        {
            if (TFirst.Parts == 1)
            {
                end.Enter((TFirst.Declared & Callbacks.Timer) != 0);
            }

            TFirst.DatagramClosed(ref handler._first, end);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.ProtocolError(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection, ProtocolError error)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.ProtocolError(ref handler._second, connection, error);
        }
        else
        {
            TFirst.ProtocolError(ref handler._first, connection, error);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Close(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection, CloseReason reason)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.Close(ref handler._second, connection, reason);
        }
        else
        {
            TFirst.Close(ref handler._first, connection, reason);
        }
    }

    static void IProtocol<ProtocolPair<TFirst, TSecond>>.Stopping(
        ref ProtocolPair<TFirst, TSecond> handler, Connection connection)
    {
        if (handler.EntersSecond(connection))
        {
            TSecond.Stopping(ref handler._second, connection);
        }
        else
        {
            TFirst.Stopping(ref handler._first, connection);
        }
    }

    // Which of the two it is. What the worker has for one of its protocols is made current by
    // the innermost pair.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool EntersSecond(Connection connection)
    {
        if (_isSecond)
        {
            if (TSecond.Parts == 1)
            {
                connection.Enter((TSecond.Declared & Callbacks.Timer) != 0);
            }
        }
        else if (TFirst.Parts == 1)
        {
            connection.Enter((TFirst.Declared & Callbacks.Timer) != 0);
        }

        return _isSecond;
    }
}
