namespace Gain.Generators.Models;

/// <summary>A parameter that a callback may take.</summary>
/// <param name="Type">Its type, fully qualified; no callback has two of the same.</param>
/// <param name="Name">Its name in the adapter.</param>
/// <param name="IsMessage">
/// Whether it stands for one of a type of the user's, which the adapter takes from it.
/// </param>
internal sealed record ParameterSpec(string Type, string Name, bool IsMessage = false)
{
    /// <summary>
    /// The name of the adapter's own parameter, an object that is cast to the type, where the interface is
    /// below the type; null where it names the type.
    /// </summary>
    public string? ObjectName { get; init; }
}
