using System.Globalization;

namespace Gain.Tests.Server;

/// <summary>Headers as they came from real balancers, and others made of them.</summary>
internal static class ProxySamples
{
    /// <summary>The longest header that is read.</summary>
    public const int MaxBytes = 2_048;

    private const string Signature = "0D0A0D0A000D0A515549540A";

    /// <summary>Headers, with what they say.</summary>
    public static readonly (string Name, byte[] Bytes, string Says)[] Right =
    [
        ("v1 TCP4", Text("PROXY TCP4 192.0.2.1 198.51.100.9 56324 443\r\n"),
            "192.0.2.1:56324 > 198.51.100.9:443"),
        ("v1 TCP6", Text("PROXY TCP6 2001:db8::1 ::ffff:192.0.2.9 65535 1\r\n"),
            "[2001:db8::1]:65535 > 192.0.2.9:1"),
        ("v1 longest", Text(
            "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
            + "65535 65535\r\n"),
            "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535 > "
            + "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"),
        ("v1 unknown", Text("PROXY UNKNOWN\r\n"), "local"),
        ("v1 unknown with more", Text("PROXY UNKNOWN ffff::1 ::2 1 2 whatever\r\n"), "local"),
        ("v2 TCP4", Hex("21 11 000C C0000201 C6336409 DC04 01BB"), "192.0.2.1:56324 > 198.51.100.9:443"),
        ("v2 TCP6", Hex(
            "21 21 0024 20010DB8000000000000000000000001 20010DB8000000000000000000000002 0001 FFFF"),
            "[2001:db8::1]:1 > [2001:db8::2]:65535"),
        ("v2 UDP4", Hex("21 12 000C C0000201 C6336409 DC04 01BB"), "192.0.2.1:56324 > 198.51.100.9:443"),
        ("v2 Unix", Hex("21 31 00D8" + new string('0', 432)), "unix > unix"),
        ("v2 local", Hex("20 00 0000"), "local"),
        ("v2 local with addresses, as a balancer of a cloud sends it",
            Hex("20 11 000C C0000201 C6336409 DC04 01BB"), "local"),
        ("v2 local with noise", Hex("20 00 0005 FFFFFFFFFF"), "local"),
        ("v2 unspecified", Hex("21 00 0003 010203"), "local"),
        ("v2 with TLVs", Hex("21 11 001A C0000201 C6336409 DC04 01BB 01 0002 6832 04 0000 EA 0003 010203"),
            "192.0.2.1:56324 > 198.51.100.9:443"),
        ("v2 with a checksum", Hex("21 11 0013 C0000201 C6336409 DC04 01BB 03 0004 FD1C3E68"),
            "192.0.2.1:56324 > 198.51.100.9:443"),
    ];

    /// <summary>Those of version 2 get their signature.</summary>
    public static byte[] Hex(string hex) =>
        Convert.FromHexString(Signature + hex.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] Text(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    public static string Say(bool isLocal, GainAddress source, GainAddress destination) =>
        isLocal ? "local" : string.Create(CultureInfo.InvariantCulture, $"{source} > {destination}");
}
