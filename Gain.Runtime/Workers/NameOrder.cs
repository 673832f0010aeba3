using System.Net;
using System.Net.Sockets;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>The order in which the addresses of a name are tried.</summary>
internal static class NameOrder
{
    /// <summary>The most addresses of a name that are tried.</summary>
    public const int MaxAddresses = 32;

    /// <summary>
    /// The families in turn (RFC 8305, section 4), beginning with that of the first address, which the
    /// resolver has chosen (RFC 6724).
    /// </summary>
    /// <param name="found">What the resolver has found.</param>
    /// <param name="name">The name, for its port and family.</param>
    public static GainAddress[] Of(IPAddress[] found, DialName name)
    {
        IPAddress[] usable = [.. found.Distinct().Where(address => IsOf(name.Family, address))];
        if (usable.Length == 0)
        {
            return [];
        }

        ILookup<bool, IPAddress> byFamily =
            usable.ToLookup(address => address.AddressFamily == usable[0].AddressFamily);
        IPAddress[] first = [.. byFamily[true]];
        IPAddress[] second = [.. byFamily[false]];
        IEnumerable<IPAddress> ordered = Enumerable
            .Range(0, usable.Length)
            .SelectMany(i => first.Skip(i).Take(1).Concat(second.Skip(i).Take(1)));
        return
        [
            .. ordered.Take(MaxAddresses)
                .Select(address => GainAddress.FromIPEndPoint(new IPEndPoint(address, name.Port))),
        ];
    }

    private static bool IsOf(ListenFamily family, IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => family != ListenFamily.IPv6,
        AddressFamily.InterNetworkV6 => family != ListenFamily.IPv4,
        _ => false,
    };
}
