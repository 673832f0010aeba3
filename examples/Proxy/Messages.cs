namespace Gain.Proxy;

/// <summary>What the program says: to standard error, and from no worker's thread.</summary>
internal static class Messages
{
    public static void Write(string message) => Console.Error.WriteLine($"gain-proxy: {message}");
}
