using Gain.Mail;
using Gain.Rings;

namespace Gain.Workers;

/// <remarks>
/// Where workers accept for themselves, chance may give one of them too many connections that last: it hands
/// those that it accepts from then on to the worker with the fewest.
/// </remarks>
internal sealed unsafe partial class Intake<TProtocol, TRing>
{
    // Null where nobody, or the acceptor, hands over.
    private HandOverRoutes? _routes;

    /// <summary>Says whom it may hand connections to.</summary>
    internal void Connect(Mailbox[] workers, RingTargets targets) =>
        _routes = new HandOverRoutes(workers, targets);

    /// <summary>Wakes the workers that connections were handed to in this turn.</summary>
    internal void WakeOthers() => _routes?.WakeAll(ref _worker.Ring);

    /// <summary>A message that was to wake another worker's ring was not sent.</summary>
    internal void HandleUnsent(int worker) => _routes!.HandleUnsent(worker);

    /// <summary>A way to send the worker's ring messages; see <see cref="IRing.OpenMessageWay"/>.</summary>
    internal int OpenMessageWay() => _worker.Ring.OpenMessageWay();

    /// <summary>Hands a socket that was accepted here to a worker that has fewer by the allowed
    /// excess.</summary>
    private bool TryHandOver(int fd, Origin origin)
    {
        // First what costs nothing: the others' counts lie in their caches.
        HandOvers handOvers = _server.HandOvers;
        int own = handOvers[_settings.Index];
        if (own < _settings.HandOverExcess || _worker.Stopper.HasBegun)
        {
            return false;
        }

        int worker = handOvers.Loads.FindLeastLoaded();
        if (own - handOvers[worker] < _settings.HandOverExcess)
        {
            return false;
        }

        // Before the post: the other worker may have closed it already when this returns.
        handOvers.Add(worker);
        if (!_routes!.TryPost(worker, fd, origin))
        {
            handOvers.Remove(worker);
            return false;
        }

        _worker.Counters.HandedOver++;
        return true;
    }

    /// <summary>The worker stops: it hands over no more.</summary>
    internal void EndHandOvers()
    {
        if (_routes is not null)
        {
            _server.HandOvers.EndProducer();
        }
    }

    /// <summary>The worker has failed.</summary>
    internal void AbandonHandOvers()
    {
        _routes?.WakeByEvents();
        if (!_worker.Stopper.HasBegun)
        {
            EndHandOvers();
        }
    }
}
