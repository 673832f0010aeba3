using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Gain;

/// <summary>
/// How a server accepts connections, which clients it lets in, and what it sends to the others: <see
/// cref="GainOptions.Accepting"/>.
/// </summary>
public sealed class AcceptOptions
{
    private const int MostFarewellBytes = 4_096;

    // Not null: binders would make an instance of a text for the key's array.
    private const string AnyNetwork = "any";
    private const string NoNetwork = "none";

    // What the options say, once they are validated; no properties, which a binder would look at.
    private IPNetwork[] _allowed = [];
    private IPNetwork[] _denied = [];
    private ReadOnlyMemory<byte> _farewell;

    /// <summary>
    /// The most connections that wait to be accepted: 1 to 1,048,576. Default: 4,096. The kernel lowers it to
    /// <c>net.core.somaxconn</c>.
    /// </summary>
    public int Backlog { get; set; } = 4_096;

    /// <summary>
    /// The most connections that the server accepts in a second: 1 to 1,000,000. Default: null, for no limit.
    /// A tenth of a second's worth is accepted in a burst. The others wait in the listen queue. Without a
    /// limit, clients that connect again and again can keep the workers from serving those that are
    /// connected.
    /// </summary>
    public int? MaxPerSecond { get; set; }

    /// <summary>
    /// What happens to clients when <see cref="LimitOptions.MaxConnections"/> or
    /// <see cref="LimitOptions.MaxConnectionsPerWorker"/> is reached. Default: they are refused.
    /// </summary>
    public ConnectionLimitPolicy AtConnectionLimit { get; set; } = ConnectionLimitPolicy.Refuse;

    /// <summary>
    /// The UTF-8 text that is sent to a client when a limit on connections refuses it: at most 4,096 bytes.
    /// Default: null, for nothing. The text can be lost when the client has sent something already, because
    /// closing a socket with unread bytes resets it.
    /// </summary>
    public string? Farewell { get; set; }

    /// <summary>
    /// The same as bytes, for binary protocols; a configuration writes them in base 64. Default: null. Only
    /// one of the two can be set.
    /// </summary>
    public byte[]? FarewellBytes { get; set; }

    /// <summary>
    /// The networks that clients are allowed from, as in <c>["10.0.0.0/8", "fd00::/8"]</c>. Default: empty,
    /// for all. Other clients are closed at the accept, and nothing is sent to them; their datagrams are
    /// dropped. A network applies to clients of its own family: <c>::/0</c> is all of IPv6, and no IPv4
    /// client. A dual-stack listener's IPv4 clients are IPv4 clients, and a network that is written as
    /// IPv4-mapped, such as <c>::ffff:10.0.0.0/104</c>, is the IPv4 network. Clients of Unix sockets have no
    /// address, so no network applies to them: see <see cref="UnixSocketMode"/>.
    /// </summary>
    public NetworkList AllowedNetworks { get; set; } = [];

    /// <summary>
    /// Further networks that clients are allowed from, as one text with commas: <c>10.0.0.0/8, fd00::/8</c>.
    /// Default: <c>any</c>, which adds none. In a configuration it is the value of <c>AllowedNetworks</c>
    /// when that is one text, as in an environment variable, and not an array. An empty text fails the start,
    /// because it could mean everybody or nobody.
    /// </summary>
    [ConfigurationKeyName(nameof(AllowedNetworks))]
    public string AllowedNetworksText { get; set; } = AnyNetwork;

    /// <summary>
    /// The networks that clients are denied from, whatever <see cref="AllowedNetworks"/> says. Here too a
    /// network applies to its own family: to deny everybody, write <c>0.0.0.0/0</c> and <c>::/0</c>. Default:
    /// empty.
    /// </summary>
    public NetworkList DeniedNetworks { get; set; } = [];

    /// <summary>
    /// Further networks that clients are denied from, as one text with commas. In a configuration it is the
    /// value of <c>DeniedNetworks</c> when that is one text. Default: <c>none</c>. An empty text means the
    /// same.
    /// </summary>
    [ConfigurationKeyName(nameof(DeniedNetworks))]
    public string DeniedNetworksText { get; set; } = NoNetwork;

    /// <summary>
    /// The permissions of the file of a <c>unix://</c> or <c>unixgram://</c> address: a user who can write to
    /// it can connect. They apply from the first connection on, whatever the umask is. Read, write and
    /// execute bits only. Default: null, for all permissions less the umask, which mostly lets only the same
    /// user connect. The option has no effect on abstract names, which everybody in the network namespace can
    /// connect to, or on sockets that systemd passes.
    /// </summary>
    public UnixFileMode? UnixSocketMode { get; set; }

    /// <summary>The networks that are let in; empty for all. Set once the options are validated.</summary>
    internal IPNetwork[] GetAllowedNetworks() => _allowed;

    /// <summary>The networks that are not let in. Set once the options are validated.</summary>
    internal IPNetwork[] GetDeniedNetworks() => _denied;

    /// <summary>What refused clients are sent. Set once the options are validated.</summary>
    internal ReadOnlyMemory<byte> GetFarewell() => _farewell;

    internal AcceptOptions Clone() => (AcceptOptions)MemberwiseClone();

    internal void Validate()
    {
        if (AllowedNetworksText is not null && AllowedNetworksText.AsSpan().IsWhiteSpace())
        {
            throw OptionRules.Invalid(
                Path(nameof(AllowedNetworks)),
                "empty text",
                "networks, as in \"10.0.0.0/8, fd00::/8\", or \"any\": an empty text could mean "
                + "nobody as well");
        }

        string allowed = AllowedNetworksText ?? AnyNetwork;
        string denied = DeniedNetworksText ?? NoNetwork;
        _allowed = Parse(Path(nameof(AllowedNetworks)), AllowedNetworks, allowed, AnyNetwork);
        _denied = Parse(Path(nameof(DeniedNetworks)), DeniedNetworks, denied, NoNetwork);
        if (Farewell is not null && FarewellBytes is not null)
        {
            throw OptionRules.Invalid(
                Path(nameof(FarewellBytes)), "set", $"null where {nameof(Farewell)} is set: choose one");
        }

        byte[] content = Farewell is null ? [.. FarewellBytes ?? []] : Encoding.UTF8.GetBytes(Farewell);
        string name = Path(Farewell is null ? nameof(FarewellBytes) : nameof(Farewell));
        if (content.Length > MostFarewellBytes)
        {
            throw OptionRules.Invalid(
                name, $"{content.Length:N0} bytes", $"0 to {MostFarewellBytes:N0} bytes");
        }

        _farewell = content;
    }

    private static string Path(string option) => $"{nameof(GainOptions.Accepting)}.{option}";

    private static IPNetwork[] Parse(string option, NetworkList? list, string text, string nothing)
    {
        IPNetwork[] networks = (list ?? []).Parse(option);
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        return trimmed.IsEmpty || trimmed.Equals(nothing, StringComparison.OrdinalIgnoreCase)
            ? networks
            : [.. networks, .. NetworkList.Split(text).Parse(option)];
    }
}
