using System.Buffers.Binary;
using Gain.Kernel;

namespace Gain.Tests.Simulation.Dialled;

/// <remarks>What peers and other threads do between the worker's turns.</remarks>
internal sealed unsafe partial class DialledKernel
{
    private void Step()
    {
        if (_dials > 0 && _random.Chance(0.2))
        {
            _dials--;
            world.DialFromElsewhere();
        }

        if (world.Peers.Count == 0)
        {
            return;
        }

        DialledPeer peer = world.Peers[_random.Below(world.Peers.Count)];
        CallFromElsewhere(peer);
        if (peer.Fd < 0 || peer.IsClosed)
        {
            _told -= _told > 0 && _dials == 0 && _byDescriptor.Count == 0 ? 1 : 0;
            return;
        }

        if (peer.IsConnected && !peer.IsSilent && _told > 0)
        {
            _told--;
            bool isStrangers = _random.Chance(_scenario.Strangers);
            peer.Arrived.Enqueue(isStrangers ? -1 : peer.Sent++);
        }

        Progress(peer);
    }

    private void CallFromElsewhere(DialledPeer peer)
    {
        if (peer is { Handle: { } none, Request.Ended: { IsCompletedSuccessfully: true } opened }
            && none == default)
        {
            peer.Handle = opened.Result;
        }

        if (!_random.Chance(0.1) || peer.Handle == default)
        {
            return;
        }

        bool isOver = peer.Ends != 0;
        if (_random.Chance(0.3))
        {
            peer.MayBeShut = true;
            world.Require(!(isOver && peer.Handle.TryClose()), $"socket {peer.Id} was closed after its end");
            return;
        }

        Span<byte> data = stackalloc byte[_random.Between(4, 64)];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)peer.Id);
        BinaryPrimitives.WriteUInt16BigEndian(data[2..], (ushort)(PostedBit | peer.Said[1]++));
        bool isPosted = peer.Handle.TrySend(data, out DatagramFailure failure);
        world.Require(!isOver || failure == DatagramFailure.Closed, $"socket {peer.Id} sends after its end");
        _isWoken |= isPosted;
    }

    // Whether something has happened: the worker waits.
    private bool MakeProgress()
    {
        foreach (DialledPeer peer in _byDescriptor.Values)
        {
            if (Progress(peer))
            {
                return true;
            }
        }

        return false;
    }

    private bool Progress(DialledPeer peer)
    {
        if (peer.Connect is { } connect)
        {
            bool fails = _random.Chance(_scenario.ConnectErrors);
            EndOperation(peer, connect, fails ? -_random.Pick<int>(s_connectErrors) : 0);
        }
        else if (peer.Receive is { } receive && (peer.Arrived.Count != 0 || MayFail(peer)))
        {
            Deliver(peer, receive);
        }
        else if (peer.Room is { } room)
        {
            EndOperation(peer, room, 4);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool MayFail(DialledPeer peer) => !peer.IsSilent && _random.Chance(_scenario.ReceiveErrors / 4);
}
