using System.Net;

namespace Gain.Sockets;

/// <summary>The sockets of a server that has several addresses, in the order of the addresses.</summary>
internal sealed class CombinedListeners : ListenerSet
{
    private readonly ListenerSet[] _sets;

    // For each of a worker's sockets, the set that has it, and its place there.
    private readonly (int Set, int Index)[] _places;

    private CombinedListeners(ListenerSet[] sets)
    {
        _sets = sets;
        _places =
        [
            .. sets.SelectMany((set, number) =>
                Enumerable.Range(0, set.ListenersPerWorker).Select(index => (number, index))),
        ];
    }

    internal override int ListenersPerWorker => _places.Length;

    internal override IReadOnlyList<string> Addresses => [.. _sets.SelectMany(set => set.Addresses)];

    internal override IReadOnlyList<IPEndPoint> EndPoints => [.. _sets.SelectMany(set => set.EndPoints)];

    internal override bool IsSealed => Array.TrueForAll(_sets, set => set.IsSealed);

    internal override IReadOnlyList<string> UnsealedAddresses =>
        [.. _sets.SelectMany(set => set.UnsealedAddresses)];

    internal override IReadOnlyList<ListenerSet> Parts => _sets;

    internal override int AddressOf(int index) => _places[index].Set;

    internal override bool IsDatagram(int index) => SetOf(index).IsDatagram(_places[index].Index);

    internal override bool IsShared(int index) => SetOf(index).IsShared(_places[index].Index);

    internal override bool IsPassed(int index) => SetOf(index).IsPassed(_places[index].Index);

    /// <summary>Binds and listens on all addresses, or on none.</summary>
    /// <param name="addresses">The addresses; at least one, and none twice.</param>
    /// <param name="options">The server's options, valid.</param>
    /// <param name="tell">Is told of an address that a process which has ended still has.</param>
    /// <param name="cancellationToken">Ends the wait for such an address.</param>
    /// <exception cref="GainException">One failed, which the message names; nothing is left open.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left open.</exception>
    internal static ListenerSet Open(
        ReadOnlySpan<ServerAddress> addresses,
        GainOptions options,
        Action<ServerAddress>? tell = null,
        CancellationToken cancellationToken = default)
    {
        var retry = new BindRetry(options.Timeouts.BindRetry, tell, cancellationToken);
        if (addresses.Length == 1)
        {
            return retry.Open(addresses[0], options);
        }

        var sets = new List<ListenerSet>(addresses.Length);
        try
        {
            for (int i = 0; i < addresses.Length; i++)
            {
                sets.Add(OpenNext(addresses[..(i + 1)], sets, options, retry));
            }

            return new CombinedListeners([.. sets]);
        }
        catch
        {
            Close(sets);
            throw;
        }
    }

    internal override int TakeListener(int worker, int index) =>
        SetOf(index).TakeListener(worker, _places[index].Index);

    /// <summary>Closes what nobody took, and gives all addresses up. A second call does nothing.</summary>
    public override void Dispose() => Close(_sets);

    private ListenerSet SetOf(int index) => _sets[_places[index].Set];

    // The last of the addresses, those before being open.
    private static ListenerSet OpenNext(
        ReadOnlySpan<ServerAddress> addresses,
        List<ListenerSet> opened,
        GainOptions options,
        BindRetry retry)
    {
        try
        {
            return retry.Open(addresses[^1], options);
        }
        catch (GainException failure) when (failure.ErrorCode == GainError.AddressInUse)
        {
            if (OwnRival(addresses, opened) is not { } rival)
            {
                throw;
            }

            // ss(8) would name this very process.
            throw new GainException(
                GainError.AddressInUse,
                $"{failure.Message} This server itself is to listen on {rival} as well, which was given "
                + "before: if one takes in the other, leave one of them out.",
                failure.Errno,
                failure);
        }
    }

    // Which other addresses one takes in only the kernel knows, as with dual-stack sockets and names.
    private static string? OwnRival(ReadOnlySpan<ServerAddress> addresses, List<ListenerSet> opened)
    {
        switch (addresses[^1])
        {
            case ListenAddress { Port: not 0 } address:
                return opened
                    .SelectMany(set => set.Addresses)
                    .FirstOrDefault(other =>
                        other.StartsWith($"{address.Scheme}://", StringComparison.Ordinal)
                        && other.EndsWith($":{address.Port}", StringComparison.Ordinal));

            case SystemdAddress:
                foreach (ServerAddress before in addresses[..^1])
                {
                    if (before is SystemdAddress)
                    {
                        return before.ToString();
                    }
                }

                return null;

            default:
                return null;
        }
    }

    private static void Close(IReadOnlyList<ListenerSet> sets)
    {
        for (int i = sets.Count - 1; i >= 0; i--)
        {
            sets[i].Dispose();
        }
    }
}
