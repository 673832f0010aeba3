using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gain.Proxy.Configuration;

/// <summary>Reads the file, and says what is wrong with it in the words of the file.</summary>
internal static class ConfigurationFile
{
    /// <exception cref="ConfigurationException">It cannot be read or used.</exception>
    public static (string Text, ProxySection Section) Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: {refused.Message}");
        }

        try
        {
            ProxySection section =
                JsonSerializer.Deserialize(text, ConfigurationJson.Default.ProxySection)
                ?? throw new ConfigurationException("the file is null, but must be an object");
            ConfigurationRules.Check(section);
            return (text, section);
        }
        catch (JsonException refused)
        {
            throw new ConfigurationException($"{path}{PlaceOf(refused, text)}: {Reason(refused)}");
        }
        catch (ConfigurationException refused)
        {
            throw new ConfigurationException($"{path}: {refused.Message}");
        }
    }

    // With the line as it stands there, which has the key and the value.
    private static string PlaceOf(JsonException refused, string text)
    {
        if (refused.LineNumber is not { } line)
        {
            return "";
        }

        string written = text.Split('\n').ElementAtOrDefault((int)line)?.Trim() ?? "";
        string key = refused.Path is { Length: > 2 } path ? $", {path[2..]}" : "";
        return written.Length is > 0 and <= 200
            ? $", line {line + 1}{key} (`{written}`)"
            : $", line {line + 1}{key}";
    }

    private static string Reason(JsonException refused)
    {
        string message = refused.Message;
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return $"there is no such key; the keys here are {Keys(message)}";
        }

        if (!message.Contains("could not be converted to", StringComparison.Ordinal))
        {
            int path = message.IndexOf(" Path: ", StringComparison.Ordinal);
            return path < 0 ? message : message[..path];
        }

        return message switch
        {
            _ when message.Contains("System.Int32") => "must be a whole number",
            _ when message.Contains("System.Boolean") => "must be true or false",
            _ when message.Contains("System.String[]") => "must be a list of texts, [\"…\", \"…\"]",
            _ when message.Contains("Dictionary") => "must be an object, { \"name\": … }",
            _ when message.Contains("[]") => "must be a list, [ … ]",
            _ when message.Contains("Section") => $"must be an object with the keys {Keys(message)}",
            _ => "must be a text, \"…\"",
        };
    }

    // Those of the section that the serializer's message names.
    private static string Keys(string message)
    {
        Type[] sections =
        [
            typeof(ProxySection), typeof(LimitsSection), typeof(TimeoutsSection), typeof(ListenerSection),
            typeof(ProxyProtocolSection), typeof(PoolSection), typeof(CheckSection),
        ];
        return string.Join(", ",
            from section in sections
            where message.Contains(section.FullName!, StringComparison.Ordinal)
            from key in ConfigurationJson.Default.GetTypeInfo(section)!.Properties
            select key.Name);
    }
}
