using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gain.Sockets;

/// <summary>
/// Reads <c>tcp://host:port</c> and its relatives; every refusal says what to write instead.
/// </summary>
internal static class ListenAddressParser
{
    private const string AcceptedForms =
        "Accepted are tcp://host:port, tcp4://host:port and tcp6://host:port, and udp://, udp4:// and " +
        "udp6:// for datagrams, and tls://, tls4:// and tls6:// for TLS, where host is a name, " +
        "an IPv4 address, an IPv6 address in brackets, or * (or nothing) for every address of the machine, " +
        "and port 0 lets the kernel choose; " +
        "unix:///path and unix://@name, and unixgram:// for datagrams; and systemd:name for sockets that " +
        "systemd passes";

    private const string SupportedSchemes =
        "supported are tcp, tcp4, tcp6, udp, udp4, udp6, tls, tls4, tls6, unix, unixgram and systemd";

    // The limits of RFC 1035, 2.3.4, in the textual form.
    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;

    internal static ListenAddress Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        RefuseBlanks(address);

        int schemeLength = address.IndexOf("://", StringComparison.Ordinal);
        if (schemeLength < 0)
        {
            throw Invalid(address, "it has no scheme, such as the tcp:// in tcp://127.0.0.1:9000");
        }

        string scheme = address[..schemeLength];
        (ListenNetwork network, ListenFamily family) = ParseScheme(address, scheme);
        string authority = address[(schemeLength + 3)..];
        RefuseUriParts(address, authority);

        ListenAddress parsed = authority.StartsWith('[')
            ? ParseBracketed(address, family, authority)
            : ParseUnbracketed(address, family, authority);
        return parsed.Over(network, scheme.StartsWith("tls", StringComparison.OrdinalIgnoreCase));
    }

    private static void RefuseBlanks(string address)
    {
        if (address.Length == 0)
        {
            throw Invalid(address, "it is empty");
        }
        if (address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw Invalid(address, "it contains a blank or a control character");
        }
    }

    private static (ListenNetwork Network, ListenFamily Family) ParseScheme(string address, string scheme) =>
        scheme.ToLowerInvariant() switch
        {
            "tcp" or "tls" => (ListenNetwork.Tcp, ListenFamily.Any),
            "tcp4" or "tls4" => (ListenNetwork.Tcp, ListenFamily.IPv4),
            "tcp6" or "tls6" => (ListenNetwork.Tcp, ListenFamily.IPv6),
            "udp" => (ListenNetwork.Udp, ListenFamily.Any),
            "udp4" => (ListenNetwork.Udp, ListenFamily.IPv4),
            "udp6" => (ListenNetwork.Udp, ListenFamily.IPv6),
            "" => throw Invalid(address, "the scheme in front of :// is empty"),
            _ => throw Unsupported(address, $"the scheme \"{scheme}\" is unknown; {SupportedSchemes}"),
        };

    private static void RefuseUriParts(string address, string authority)
    {
        if (authority.Contains('@'))
        {
            throw Invalid(address, "an address has no user name, so nothing may stand before an @");
        }

        int end = authority.AsSpan().IndexOfAny('/', '?', '#');
        if (end >= 0)
        {
            throw Invalid(
                address,
                "an address has no path, query or fragment, so drop " +
                $"\"{authority[end..]}\" and end with the port");
        }
    }

    private static ListenAddress ParseBracketed(string address, ListenFamily family, string authority)
    {
        int close = authority.IndexOf(']');
        if (close < 0)
        {
            throw Invalid(address, "the bracket [ is not closed");
        }

        IPAddress literal = ParseIPv6(address, authority[1..close]);
        if (close + 1 == authority.Length)
        {
            throw MissingPort(address);
        }
        if (authority[close + 1] != ':')
        {
            throw Invalid(address, $"after the bracket comes :port, not \"{authority[(close + 1)..]}\"");
        }

        int port = ParsePort(address, authority[(close + 2)..]);
        return Literal(address, family, literal, port);
    }

    private static ListenAddress ParseUnbracketed(string address, ListenFamily family, string authority)
    {
        int colon = authority.IndexOf(':');
        if (colon < 0)
        {
            throw MissingPort(address);
        }
        if (authority.LastIndexOf(':') != colon)
        {
            throw Invalid(
                address,
                "it has more than one colon after the scheme; an IPv6 address is written in brackets, " +
                "as in tcp://[::1]:9000");
        }

        string host = authority[..colon];
        int port = ParsePort(address, authority[(colon + 1)..]);
        if (host is "" or "*")
        {
            return ListenAddress.Wildcard(family, port);
        }
        if (host.AsSpan().IndexOfAnyExcept("0123456789.") < 0 && host.Any(char.IsAsciiDigit))
        {
            return Literal(address, family, ParseIPv4(address, host), port);
        }

        RefuseBadName(address, host);
        return ListenAddress.Named(family, host.ToLowerInvariant(), port);
    }

    private static int ParsePort(string address, string text)
    {
        if (text.Length == 0)
        {
            throw MissingPort(address);
        }
        if (!text.All(char.IsAsciiDigit))
        {
            throw Invalid(address, $"the port \"{text}\" is not a number");
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > ListenAddress.MaxPort)
        {
            throw Invalid(
                address,
                $"the port {text} is out of range: ports go from 0 (the kernel chooses one) to 65535");
        }
        return port;
    }

    private static IPAddress ParseIPv4(string address, string text) =>
        AddressText.TryParseV4(text, out IPAddress? parsed)
            ? parsed!
            : throw Invalid(
                address,
                $"\"{text}\" is not an IPv4 address: that is four numbers up to 255 without leading zeros");

    private static IPAddress ParseIPv6(string address, string text)
    {
        int percent = text.IndexOf('%');
        string digits = percent < 0 ? text : text[..percent];
        if (!AddressText.TryParseV6Digits(digits, out IPAddress? parsed))
        {
            throw Invalid(address, $"\"{digits}\" in the brackets is not an IPv6 address");
        }

        if (percent >= 0)
        {
            parsed!.ScopeId = ParseScope(address, text[(percent + 1)..]);
        }
        return parsed!;
    }

    private static uint ParseScope(string address, string scope)
    {
        if (AddressText.TryParseScope(scope, out uint index))
        {
            return index;
        }

        throw Invalid(
            address,
            scope.Length > 0 && scope.All(char.IsAsciiDigit)
                ? $"the interface index %{scope} is out of range"
                : $"this machine has no network interface \"{scope}\", named behind %; `ip link` lists them");
    }

    private static void RefuseBadName(string address, string host)
    {
        if (host.Any(c => !char.IsAscii(c)))
        {
            throw Invalid(address, $"the host name \"{host}\" is not ASCII; write its xn-- form");
        }

        string name = host.EndsWith('.') ? host[..^1] : host;
        bool isValid = name.Length is > 0 and <= MaxNameLength && name.Split('.').All(IsLabel);
        if (!isValid)
        {
            throw Invalid(
                address,
                $"\"{host}\" is not a host name: that is labels of 1 to {MaxLabelLength} letters, digits, " +
                $"hyphens and underscores, joined by dots, at most {MaxNameLength} characters");
        }
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static ListenAddress Literal(string address, ListenFamily family, IPAddress literal, int port)
    {
        // ::ffff:1.2.3.4 is a way to write an IPv4 address; as IPv6 it could never accept a peer.
        IPAddress unmapped = EndPointConversion.Unmap(literal);
        bool isV6 = unmapped.AddressFamily == AddressFamily.InterNetworkV6;
        bool isUdp = address.StartsWith("udp", StringComparison.OrdinalIgnoreCase);
        ListenNetwork network = isUdp ? ListenNetwork.Udp : ListenNetwork.Tcp;
        bool isSecure = address.StartsWith("tls", StringComparison.OrdinalIgnoreCase);
        string scheme = isSecure ? "tls" : ListenAddress.SchemeOf(network);
        if (isV6 && family == ListenFamily.IPv4)
        {
            throw Invalid(
                address,
                $"{literal} is an IPv6 address, and {scheme}4:// takes IPv4; write {scheme}6:// or " +
                $"{scheme}://");
        }
        if (!isV6 && family == ListenFamily.IPv6)
        {
            throw Invalid(
                address,
                $"{literal} is an IPv4 address, and {scheme}6:// takes IPv6; write {scheme}4:// or " +
                $"{scheme}://");
        }

        string? fault = ListenAddress.FaultOf(unmapped, network);
        return fault is null ? ListenAddress.Literal(family, unmapped, port) : throw Invalid(address, fault);
    }

    // Not that the kernel chooses one for port 0: that is so for listening alone.
    private static GainException MissingPort(string address) =>
        Invalid(address, "it has no port; write :9000 after the host");

    private static GainException Invalid(string address, string fault) =>
        GainException.ForAddress(
            GainError.AddressInvalid, $"Cannot listen on \"{address}\"", fault, AcceptedForms);

    private static GainException Unsupported(string address, string fault) =>
        GainException.ForAddress(
            GainError.AddressUnsupported, $"Cannot listen on \"{address}\"", fault, AcceptedForms);
}
