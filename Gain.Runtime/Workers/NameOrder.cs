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
        var ordered = new List<IPAddress>();
        for (int i = 0; i < found.Length; i++)
        {
            if (IsOf(name.Family, found[i]) && !ordered.Contains(found[i]))
            {
                ordered.Add(found[i]);
            }
        }

        for (int i = 1; i < ordered.Count; i++)
        {
            TakeOtherFamily(ordered, i);
        }

        var addresses = new GainAddress[Math.Min(ordered.Count, MaxAddresses)];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = GainAddress.FromIPEndPoint(new IPEndPoint(ordered[i], name.Port));
        }

        return addresses;
    }

    // The next of the other family than the one before it comes to the place, and the rest moves up.
    private static void TakeOtherFamily(List<IPAddress> ordered, int place)
    {
        AddressFamily before = ordered[place - 1].AddressFamily;
        int next = ordered.FindIndex(place, address => address.AddressFamily != before);
        if (next > place)
        {
            IPAddress other = ordered[next];
            ordered.RemoveAt(next);
            ordered.Insert(place, other);
        }
    }

    private static bool IsOf(ListenFamily family, IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => family != ListenFamily.IPv6,
        AddressFamily.InterNetworkV6 => family != ListenFamily.IPv4,
        _ => false,
    };
}
