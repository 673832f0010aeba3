namespace Gain.Generators.Models;

/// <summary>How a part of a type is declared, and how it is named inside itself.</summary>
/// <param name="Keyword">As in <c>class</c> or <c>record struct</c>.</param>
/// <param name="Name">The name with its type parameters, as in <c>Outer&lt;T&gt;</c>.</param>
internal sealed record TypeModel(string Keyword, string Name);
