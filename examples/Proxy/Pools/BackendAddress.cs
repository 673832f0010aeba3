using Gain.Proxy.Configuration;

namespace Gain.Proxy.Pools;

/// <summary>A backend as the file names it.</summary>
/// <param name="Text">As it stands there.</param>
/// <param name="Target">What is dialled; null where a name has to be looked up first.</param>
/// <param name="Host">The name.</param>
/// <param name="Port">The port behind the name.</param>
internal sealed record BackendAddress(string Text, DialTarget? Target, string Host = "", int Port = 0)
{
    private const string Tcp = "tcp://";

    private static readonly string[] s_schemes = [Tcp, "tcp4://", "tcp6://", "unix://"];

    /// <exception cref="ConfigurationException">It is none.</exception>
    public static BackendAddress Parse(string key, string text)
    {
        int colon = text.LastIndexOf(':');
        if (text.StartsWith(Tcp, StringComparison.Ordinal)
            && colon > Tcp.Length
            && Uri.CheckHostName(text[Tcp.Length..colon]) == UriHostNameType.Dns
            && int.TryParse(text.AsSpan(colon + 1), out int port)
            && port is > 0 and <= ushort.MaxValue)
        {
            return new BackendAddress(text, null, text[Tcp.Length..colon], port);
        }

        if (!Array.Exists(s_schemes, scheme => text.StartsWith(scheme, StringComparison.Ordinal)))
        {
            throw Refused(key, text, "nothing else is relayed to");
        }

        try
        {
            return new BackendAddress(text, DialTarget.Parse(text));
        }
        catch (GainException refused)
        {
            throw Refused(key, text, refused.Message.TrimEnd('.'));
        }
    }

    private static ConfigurationException Refused(string key, string text, string why) => new(
        $"{key} is \"{text}\", but must be tcp://name-or-address:port, unix:///path or unix://@name ({why})");
}
