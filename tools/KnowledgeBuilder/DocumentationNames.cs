using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Text;

namespace Gain.KnowledgeBuilder;

/// <summary>Writes types of signatures as documentation comment ids do.</summary>
internal sealed class DocumentationNames : ISignatureTypeProvider<string, object?>
{
    public static readonly DocumentationNames Instance = new();

    public string GetPrimitiveType(PrimitiveTypeCode code) => code switch
    {
        PrimitiveTypeCode.TypedReference => "System.TypedReference",
        _ => $"System.{code}",
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte kind) =>
        NameOf(reader, handle);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte kind) =>
        NameOf(reader, handle);

    public string GetTypeFromSpecification(
        MetadataReader reader, object? context, TypeSpecificationHandle handle, byte kind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public string GetSZArrayType(string element) => element + "[]";

    public string GetArrayType(string element, ArrayShape shape) =>
        $"{element}[{string.Join(',', Enumerable.Repeat("0:", shape.Rank))}]";

    public string GetByReferenceType(string element) => element + "@";

    public string GetPointerType(string element) => element + "*";

    public string GetPinnedType(string element) => element;

    public string GetGenericTypeParameter(object? context, int index) => $"`{index}";

    public string GetGenericMethodParameter(object? context, int index) => $"``{index}";

    public string GetModifiedType(string modifier, string unmodified, bool isRequired) => unmodified;

    public string GetFunctionPointerType(MethodSignature<string> signature) =>
        $"=FUNC:{signature.ReturnType}({string.Join(',', signature.ParameterTypes)})";

    // The arguments of a nested type are its own and those of the types around it, outermost first.
    public string GetGenericInstantiation(string type, ImmutableArray<string> arguments)
    {
        var text = new StringBuilder();
        int used = 0;
        foreach (string segment in type.Split('.'))
        {
            int tick = segment.IndexOf('`', StringComparison.Ordinal);
            if (text.Length > 0)
            {
                text.Append('.');
            }

            if (tick < 0)
            {
                text.Append(segment);
                continue;
            }

            int arity =
                int.Parse(segment.AsSpan(tick + 1), System.Globalization.CultureInfo.InvariantCulture);
            text.Append(segment, 0, tick).Append('{');
            text.AppendJoin(',', arguments.Skip(used).Take(arity)).Append('}');
            used += arity;
        }

        return text.ToString();
    }

    public static string NameOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? $"{NameOf(reader, outer)}.{name}"
            : Qualified(reader.GetString(type.Namespace), name);
    }

    public static string NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{NameOf(reader, (TypeReferenceHandle)type.ResolutionScope)}.{name}"
            : Qualified(reader.GetString(type.Namespace), name);
    }

    /// <summary>The last part of a method's id: name, arity, parameters.</summary>
    public static string MemberId(string name, int arity, MethodSignature<string> signature)
    {
        var text = new StringBuilder(name.Replace('.', '#').Replace('<', '{').Replace('>', '}'));
        if (arity > 0)
        {
            text.Append("``").Append(arity);
        }

        if (signature.ParameterTypes.Length > 0)
        {
            text.Append('(').AppendJoin(',', signature.ParameterTypes).Append(')');
        }

        if (name is "op_Implicit" or "op_Explicit" or "op_CheckedExplicit")
        {
            text.Append('~').Append(signature.ReturnType);
        }

        return text.ToString();
    }

    private static string Qualified(string space, string name) =>
        space.Length == 0 ? name : $"{space}.{name}";
}
