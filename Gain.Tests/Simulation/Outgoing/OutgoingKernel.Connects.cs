using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Tests.Simulation.Outgoing;

internal sealed unsafe partial class OutgoingKernel
{
    private static readonly int[] s_connectErrors =
    [
        Errno.ECONNREFUSED, Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.EADDRNOTAVAIL, Errno.ETIMEDOUT,
        Errno.ECONNRESET, Errno.EACCES, Errno.ENOMEM, Errno.EAGAIN,
    ];

    public int OpenOutgoing() => Random.Chance(Scenario.OpenErrors)
        ? -Random.Pick<int>(s_openErrors)
        : Open(new OutgoingSocket(++_sockets));

    public void PrepConnect(int descriptor, in sockaddr_storage address, uint length, ulong userData)
    {
        OutgoingSocket socket = SocketOf(descriptor);
        world.Require(socket.Port == 0, $"socket {socket.Id} was connected twice");
        sockaddr_storage name = address;
        bool isAddress = EndPointConversion.TryReadAddress(ref name, length, out GainAddress target);
        world.Require(isAddress, "a connect was prepared to no address");
        socket.Port = target.Port;
        socket.Owner = world.OwnerOf(target.Port);
        world.Trace.Add($"socket {socket.Id}: connects to port {socket.Port}");
        socket.Owner?.NoteConnect();
        Prepare(new OutgoingOperation(userData, socket));
    }

    public int FinishConnect(int descriptor)
    {
        OutgoingSocket socket = SocketOf(descriptor);
        world.Require(socket.IsUp, $"socket {socket.Id} was said to be up, and is not");
        return 0;
    }

    public void PrepAccept(ulong userData, bool takesOne)
    {
        world.Require(_accept is null, "two accepts are in flight");
        _accept = new OutgoingOperation(userData, null) { TakesOne = takesOne };
        Prepare(_accept);
    }

    public int AcceptNow()
    {
        world.Require(_accept is null, "a connection was accepted at once while an accept was in flight");
        return _backlog.TryDequeue(out OutgoingSocket? client) ? Open(client) : -Errno.EAGAIN;
    }

    /// <summary>A client comes.</summary>
    /// <returns>Its connection; null when nobody listens anymore.</returns>
    public OutgoingSocket? TryCome()
    {
        if (!_isListening)
        {
            return null;
        }

        var socket = new OutgoingSocket(++_sockets) { IsUp = true };
        _backlog.Enqueue(socket);
        RunAccept();
        return socket;
    }

    /// <summary>
    /// Clients that wait, and none of whom is going to be let in: the worker has had a turn since it last
    /// freed a place.
    /// </summary>
    public bool HasForgottenClients =>
        _backlog.Count != 0 && _accept is null && _turns > _closedTurn + 1;

    private void RunAccept()
    {
        while (_accept is { IsSubmitted: true, IsOver: false }
            && _backlog.TryDequeue(out OutgoingSocket? client))
        {
            Complete(_accept, Open(client), _accept.TakesOne ? 0 : IORING_CQE.IORING_CQE_F_MORE);
        }
    }

    private void StartConnect(OutgoingOperation connect)
    {
        if (Random.Chance(Scenario.Refused))
        {
            Plan(connect, 5_000_000, () => Complete(connect, -Random.Pick<int>(s_connectErrors)));
        }
        else if (!Random.Chance(Scenario.Unanswered))
        {
            Plan(connect, Random.Chance(0.8) ? 1_000_000 : 400_000_000, () =>
            {
                connect.Socket!.IsUp = true;
                Complete(connect, 0);
                ActIdly(connect.Socket);
            });
        }
    }

    private void Plan(OutgoingOperation operation, long mostNs, Action what) =>
        world.Events.Plan(world.NowNs + Random.SkewedLong(mostNs / 1_000, mostNs), () =>
        {
            if (!operation.IsOver)
            {
                what();
            }
        });
}
