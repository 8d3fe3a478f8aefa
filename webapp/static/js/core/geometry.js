// What a GeoJSON geometry consists of.

const MANY = { MultiPoint: "Point", MultiLineString: "LineString", MultiPolygon: "Polygon" };

/** @returns {object[]} the points, lines and polygons of a geometry, those of collections within collections too. */
export function simple(geometry) {
  if (!geometry) return [];
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(simple);
  const type = MANY[geometry.type];
  return type ? geometry.coordinates.map((coordinates) => ({ type, coordinates })) : [geometry];
}

/** @returns {string} the name of one of several points of a feature. */
export const numbered = (name, at, count) => (count > 1 ? `${name} (${at + 1}/${count})` : name);
