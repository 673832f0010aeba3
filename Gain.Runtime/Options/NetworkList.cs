using System.Collections.ObjectModel;
using System.Net;
using System.Net.Sockets;

namespace Gain;

/// <summary>
/// Networks as text: <c>10.0.0.0/8</c>, <c>fd00::/8</c>, or one address alone. The server reads them when it
/// starts: an entry that is not a network fails the start, and is never left out. In a configuration it is an
/// array; one text is for <see cref="AcceptOptions.AllowedNetworksText"/> or <see
/// cref="AcceptOptions.DeniedNetworksText"/>.
/// </summary>
public sealed class NetworkList : Collection<string>
{
    /// <summary>Adds a network.</summary>
    /// <param name="network">The network.</param>
    public void Add(IPNetwork network) => Add(network.ToString());

    /// <summary>The networks of one text, with commas between them.</summary>
    internal static NetworkList Split(string text)
    {
        var networks = new NetworkList();
        Array.ForEach(text.Split(','), networks.Add);
        return networks;
    }

    /// <summary>The networks, once the text of each is checked.</summary>
    /// <param name="option">The name of the property of <see cref="GainOptions"/>, for the message.</param>
    /// <exception cref="GainException">An entry is not a network.</exception>
    internal IPNetwork[] Parse(string option) => ParseAs($"{nameof(GainOptions)}.{option}");

    /// <summary>The same for an option of another class.</summary>
    /// <param name="option">Its name, with that of the class.</param>
    /// <exception cref="GainException">An entry is not a network.</exception>
    internal IPNetwork[] ParseAs(string option)
    {
        var networks = new IPNetwork[Count];
        for (int i = 0; i < networks.Length; i++)
        {
            networks[i] = ParseOne(this[i]) ?? throw new GainException(
                GainError.OptionInvalid,
                $"{option}[{i}] is {Quote(this[i])}, but must be a network, as in 10.0.0.0/8 or "
                + "fd00::/8, with no bits set behind the prefix, or an address, as in 192.0.2.1.");
        }

        return networks;
    }

    private static string Quote(string? text) => text is null ? "null" : $"\"{VisibleText.Of(text)}\"";

    // Stricter than IPAddress, which takes 10 for 0.0.0.10, and 010.0.0.0 for 8.0.0.0.
    private static IPNetwork? ParseOne(string? text)
    {
        string trimmed = text?.Trim() ?? "";
        string address = trimmed.Split('/')[0];
        if (!IPAddress.TryParse(address, out IPAddress? parsed)
            || (parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() != address)
            || address.Contains('%', StringComparison.Ordinal))
        {
            return null;
        }

        if (address.Length == trimmed.Length)
        {
            return new IPNetwork(parsed, parsed.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        }

        // It drops the bits behind the prefix, which may be a slip of the pen.
        return IPNetwork.TryParse(trimmed, out IPNetwork network) && network.BaseAddress.Equals(parsed)
            ? network
            : null;
    }
}
