using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gain.Sockets;

/// <summary>
/// Lists of networks that clients may, or may not, come from: merged, sorted ranges, so that a look takes a
/// handful of comparisons however long the lists are. Immutable; any thread.
/// </summary>
/// <remarks>
/// A network holds for its own family. IPv4 addresses are kept as IPv4-mapped IPv6 ones, so an IPv6 network
/// that has those inside it, such as ::/0 or ::/80, is kept as what lies before and behind them. A network
/// that is written as a mapped one, such as ::ffff:10.0.0.0/104, lies inside them and is an IPv4 network.
/// </remarks>
internal sealed class AddressFilter
{
    // ::ffff:0:0/96, where the IPv4 addresses are.
    private static readonly UInt128 s_firstV4 = GainAddress.MapV4(uint.MinValue);
    private static readonly UInt128 s_lastV4 = GainAddress.MapV4(uint.MaxValue);

    private readonly (UInt128 First, UInt128 Last)[] _allowed;
    private readonly (UInt128 First, UInt128 Last)[] _denied;

    /// <param name="allowed">What is let in; empty for all.</param>
    /// <param name="denied">What is not, whatever <paramref name="allowed"/> says.</param>
    public AddressFilter(IEnumerable<IPNetwork> allowed, IEnumerable<IPNetwork> denied)
    {
        _allowed = Merge(allowed);
        _denied = Merge(denied);
    }

    /// <summary>Whether it lets everyone in.</summary>
    public bool IsOpen => _allowed.Length == 0 && _denied.Length == 0;

    /// <summary>Whether a peer is let in.</summary>
    public bool Allows(GainAddress peer) =>
        (_allowed.Length == 0 || Contains(_allowed, peer.Bits)) && !Contains(_denied, peer.Bits);

    private static bool Contains((UInt128 First, UInt128 Last)[] ranges, UInt128 address)
    {
        int low = 0;
        int high = ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (address < ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (address > ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static (UInt128 First, UInt128 Last)[] Merge(IEnumerable<IPNetwork> networks)
    {
        var merged = new List<(UInt128 First, UInt128 Last)>();
        foreach ((UInt128 first, UInt128 last) in networks.SelectMany(RangesOf).Order())
        {
            if (merged.Count != 0 && first <= merged[^1].Last)
            {
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add((first, last));
            }
        }

        return [.. merged];
    }

    private static (UInt128 First, UInt128 Last)[] RangesOf(IPNetwork network)
    {
        (UInt128 first, UInt128 last) = RangeOf(network);

        // Two networks are disjoint, or one has the other inside it.
        bool hasAllOfV4 = first < s_firstV4 && last >= s_lastV4;
        return hasAllOfV4 ? [(first, s_firstV4 - 1), (s_lastV4 + 1, last)] : [(first, last)];
    }

    private static (UInt128 First, UInt128 Last) RangeOf(IPNetwork network)
    {
        bool isV4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        Span<byte> bytes = stackalloc byte[16];
        network.BaseAddress.TryWriteBytes(bytes, out _);
        UInt128 address = isV4
            ? GainAddress.MapV4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
        int hostBits = (isV4 ? 32 : 128) - network.PrefixLength;

        // A shift by the whole width would be one by none.
        UInt128 hosts = hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
        return (address & ~hosts, address | hosts);
    }
}
