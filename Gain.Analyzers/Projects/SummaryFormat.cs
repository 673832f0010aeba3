namespace Gain.Analyzers.Projects;

/// <summary>
/// How an assembly says of its methods what they do: as an <c>AssemblyMetadataAttribute</c>, which needs no
/// type of Gain's, with the version in its key. The text is a <see cref="Knowledge.KnowledgeTable"/>'s.
/// </summary>
internal static class SummaryFormat
{
    /// <summary>The key, in which another number stands for another format.</summary>
    public const string Key = "Gain.HotPath.1";

    /// <summary>The metadata name of the attribute.</summary>
    public const string Attribute = "System.Reflection.AssemblyMetadataAttribute";
}
