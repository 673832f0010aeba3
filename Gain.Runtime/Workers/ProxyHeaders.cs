using Gain.CompilerServices;
using Gain.Proxies;
using Gain.Rings;
using Gain.Slots;

namespace Gain.Workers;

/// <summary>
/// Connections of load balancers, which begin by saying who their client is. Until they have, they are in
/// the set-up that layers have, too: without callbacks, and without a handle that another thread could have.
/// </summary>
internal sealed class ProxyHeaders<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly SlotTable _table;

    // By the server's addresses.
    private readonly ProxyRule?[] _rules;
    private readonly ProxyTable? _said;

    private LogLimiter _log;

    internal ProxyHeaders(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _table = worker.Table;
        _rules = [.. worker.Settings.Proxies];
        if (Array.Exists(_rules, rule => rule is not null))
        {
            _said = new ProxyTable(_table.Capacity, _table.Carries);
            worker.Writer.Proxies = _said;
        }
    }

    /// <summary>Whether the worker has listeners behind balancers.</summary>
    internal bool Exist => _said is not null;

    /// <summary>Whether a connection's header is awaited.</summary>
    internal bool IsDue(int index) => _said is not null && _said[index].IsDue;

    /// <summary>The client for whom a balancer has connected, or where there is none the default
    /// value.</summary>
    internal GainAddress ClientOf(int index) => _said is null ? default : _said[index].Source;

    /// <summary>Whether a new socket has to begin with a header.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="address">Which of the server's addresses it came in by.</param>
    /// <param name="isDue">Whether it has.</param>
    /// <returns>Why it is not served, if it is not.</returns>
    internal RefusalReason Judge(int fd, byte address, out bool isDue)
    {
        isDue = false;
        if (_said is null || _rules[address] is not { } rule)
        {
            return RefusalReason.None;
        }

        if (!_worker.Ring.TryGetPeer(fd, out GainAddress peer))
        {
            return RefusalReason.Gone;
        }

        isDue = rule.Trusts(peer);
        return isDue || rule.TakesOthers ? RefusalReason.None : RefusalReason.AddressFilter;
    }

    /// <summary>A connection that was judged so begins to wait for its header.</summary>
    internal void Begin(int index, ref Slot slot)
    {
        _said![index].IsDue = true;
        slot.BeginLayer();
        long limit = _rules[slot.Address]!.TimeoutMs;
        _worker.Deadlines.ArmRead(index, ref slot, limit, limit);
    }

    /// <summary>Takes what has come of a connection whose header is awaited.</summary>
    internal void Receive(int index, ref Slot slot, ReadOnlySpan<byte> data)
    {
        int before = slot.Inbound.Length;
        ReadOnlySpan<byte> all = data;
        if (before != 0)
        {
            slot.Inbound.Append(_table.Carries, data);
            all = slot.Inbound.Span;
        }

        ProxyStatus status = ProxyParser.Read(all, _rules[slot.Address]!.MaxBytes, out ProxyHead head);
        switch (status)
        {
            case ProxyStatus.Complete:
                _worker.Calling = index;
                _said!.Keep(index, in head, all);
                slot.Inbound.Clear(_table.Carries);
                _worker.Calling = Slot.None;
                Finish(index, ref slot, data[(head.Length - before)..]);
                break;

            case ProxyStatus.NeedsMore:
                if (before == 0)
                {
                    slot.Inbound.Append(_table.Carries, data);
                }

                break;

            default:
                Reject(index, ref slot, Describe(status, slot.Address));
                break;
        }
    }

    private string Describe(ProxyStatus status, byte address) => status switch
    {
        ProxyStatus.NoHeader => "it begins with something else",
        ProxyStatus.WrongChecksum => "its checksum is wrong",
        ProxyStatus.TooLong => $"it is longer than MaxHeaderBytes ({_rules[address]!.MaxBytes:N0})",
        _ => "it violates the protocol",
    };

    // From here on the connection is as one of its client's own.
    private void Finish(int index, ref Slot slot, ReadOnlySpan<byte> rest)
    {
        RefusalReason reason = Admit(index, ref slot);
        if (reason != RefusalReason.None)
        {
            _worker.Intake.RefuseOpen(ref slot, reason);
            return;
        }

        _said![index].IsDue = false;
        slot.EndLayer();
        slot.IsReadTimed = false;
        _table.CancelTimer(index, SlotTimer.Read);
        _worker.Deadlines.ArmFirstRead(index, ref slot);
        if (!_worker.Layers.Begins(index, ref slot))
        {
            _worker.Calling = index;
            _worker.Intake.CallAccept(index, ref slot);
            _worker.Calling = Slot.None;
            _worker.CheckFrameEnded();
            if (_worker.Stopper.HasBegun)
            {
                _worker.Stopper.StopOpened(index, ref slot);
            }
        }

        if (rest.IsEmpty)
        {
            return;
        }

        if (slot.IsLayered)
        {
            _worker.Layers.Receive(index, ref slot, rest);
        }
        else
        {
            _worker.Deadlines.NoteRead(index, ref slot);
            _worker.Receiver.DeliverOrHold(index, ref slot, rest);
            _worker.CheckFrameEnded();
        }
    }

    // What the balancer is to itself counts for no address, as it did until now.
    private RefusalReason Admit(int index, ref Slot slot)
    {
        ref ProxyEntry said = ref _said![index];
        if (_worker.Layers.IsAtLimit(slot.Address))
        {
            return RefusalReason.HandshakeLimit;
        }

        return said.IsLocal ? RefusalReason.None : _worker.Intake.Attribute(index, said.Source);
    }

    private void Reject(int index, ref Slot slot, string reason)
    {
        _worker.Counters.RejectedProxyHeaders++;
        if (_worker.Observer.MayLog(ref _log))
        {
            Log.ProxyHeaderRejected(
                _worker.Server.Logger,
                _worker.Settings.Index,
                _worker.Observer.DescribeServed(index),
                reason);
        }

        slot.Inbound.Clear(_table.Carries);
        _table.Abort(ref slot, CloseReason.ProtocolError);
    }

    /// <summary>The header has taken too long.</summary>
    internal void Expire(int index, ref Slot slot)
    {
        if (!slot.IsEnding)
        {
            Reject(index, ref slot, "it did not come in time");
        }
    }

    /// <summary>
    /// The peer has closed the connection before its header was whole. Without a byte it is a check of a
    /// balancer, and nothing to speak of.
    /// </summary>
    internal void EndEarly(int index, ref Slot slot)
    {
        if (slot.Inbound.Length != 0)
        {
            Reject(index, ref slot, "the connection ended within it");
        }
        else
        {
            _table.Close(ref slot, CloseReason.PeerClosed);
        }
    }

    /// <summary>The connection's slot is free.</summary>
    internal void Forget(int index) => _said?.Forget(index);

    /// <summary>The worker has ended.</summary>
    internal void Close() => _said?.ForgetAll(_table.UsedSlots);
}
