// What a GeoJSON geometry consists of.

/**
 * Return the points, lines and polygons of a geometry, those of nested collections too; none of null.
 * @param {GeoJSON.Geometry | null | undefined} geometry
 * @returns {SimpleGeometry[]}
 */
export function simpleGeometries(geometry) {
  if (!geometry) return [];
  switch (geometry.type) {
    case "GeometryCollection": return geometry.geometries.flatMap(simpleGeometries);
    case "MultiPoint": return geometry.coordinates.map((coordinates) => ({ type: "Point", coordinates }));
    case "MultiLineString": return geometry.coordinates.map((coordinates) => ({ type: "LineString", coordinates }));
    case "MultiPolygon": return geometry.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }));
    default: return [geometry];
  }
}

/**
 * Return the positions of the points of a geometry; of lines and areas none.
 * @param {GeoJSON.Geometry | null | undefined} geometry
 */
export const pointsOf = (geometry) => simpleGeometries(geometry).flatMap((part) => (part.type === "Point" ? [part.coordinates] : []));

/**
 * Return the name of one of several points of a feature.
 * @param {string} name
 * @param {number} index
 * @param {number} count
 */
export const numberedName = (name, index, count) => (count > 1 ? `${name} (${index + 1}/${count})` : name);
